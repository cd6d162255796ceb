package dev.parley.deploy;

import static dev.parley.deploy.Fleet.require;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Where nodes run and what they keep. */
final class PlacementRules {
    private static final String STATE = "/var/lib/parley";

    private PlacementRules() {}

    static void oneNamespace(Fleet fleet, List<String> wrong) {
        List<Namespace> namespaces = fleet.manifests().all(Namespace.class);
        require(wrong, namespaces.size() == 1, "there is not one Namespace, but " + namespaces.size());
        for (Namespace each : namespaces) {
            require(
                    wrong,
                    "restricted".equals(each.getMetadata().getLabels().get("pod-security.kubernetes.io/enforce")),
                    "the namespace does not enforce the restricted Pod Security Standard");
        }
        for (HasMetadata each : fleet.manifests().objects()) {
            require(
                    wrong,
                    each instanceof Namespace
                            || namespaces.stream()
                                    .anyMatch(space -> space.getMetadata()
                                            .getName()
                                            .equals(each.getMetadata().getNamespace())),
                    each.getKind() + " " + each.getMetadata().getName() + " is in another namespace");
        }
    }

    static void identityStays(Fleet fleet, List<String> wrong) {
        List<String> claims = fleet.set().getSpec().getVolumeClaimTemplates().stream()
                .map(claim -> claim.getMetadata().getName())
                .toList();
        require(
                wrong,
                fleet.node().getVolumeMounts().stream()
                        .anyMatch(mount -> STATE.equals(mount.getMountPath())
                                && claims.contains(mount.getName())
                                && !Boolean.TRUE.equals(mount.getReadOnly())
                                && mount.getSubPath() == null),
                STATE + " is not on a volume of the pod's own");
        var retention = fleet.set().getSpec().getPersistentVolumeClaimRetentionPolicy();
        require(
                wrong,
                retention == null
                        || ("Retain".equals(retention.getWhenDeleted()) && "Retain".equals(retention.getWhenScaled())),
                "volumes are deleted with the set or with a pod, and the identity with them");
        require(
                wrong,
                fleet.set().getSpec().getVolumeClaimTemplates().stream()
                        .allMatch(claim -> List.of("ReadWriteOnce", "ReadWriteOncePod")
                                .containsAll(claim.getSpec().getAccessModes())),
                "a volume can be had by two nodes at once");
    }

    static void spread(Fleet fleet, List<String> wrong) {
        List<String> keys = fleet.pod().getTopologySpreadConstraints().stream()
                .map(TopologySpreadConstraint::getTopologyKey)
                .toList();
        require(wrong, keys.contains("kubernetes.io/hostname"), "the nodes may all be on one machine");
        require(wrong, keys.size() == new HashSet<>(keys).size(), "two constraints for one topology: " + keys);
    }

    static void volumes(Fleet fleet, List<String> wrong) {
        Set<String> there = new HashSet<>();
        fleet.set()
                .getSpec()
                .getVolumeClaimTemplates()
                .forEach(claim -> there.add(claim.getMetadata().getName()));
        for (Volume volume : fleet.pod().getVolumes()) {
            require(wrong, there.add(volume.getName()), "volume " + volume.getName() + " is there twice");
            require(
                    wrong,
                    volume.getConfigMap() == null
                            || Boolean.TRUE.equals(volume.getConfigMap().getOptional())
                            || fleet.hasConfigMap(volume.getConfigMap().getName()),
                    "volume " + volume.getName() + " is of a ConfigMap that is not there");
        }
        for (VolumeMount mount : fleet.node().getVolumeMounts()) {
            require(wrong, there.contains(mount.getName()), "there is no volume " + mount.getName());
            require(
                    wrong,
                    mount.getSubPath() == null,
                    mount.getMountPath() + " is mounted by subPath and would never change");
        }
    }

    static void disruption(Fleet fleet, List<String> wrong) {
        List<PodDisruptionBudget> budgets = fleet.manifests().all(PodDisruptionBudget.class);
        require(wrong, budgets.size() == 1, "there is not one PodDisruptionBudget");
        for (PodDisruptionBudget each : budgets) {
            require(
                    wrong,
                    each.getSpec().getMaxUnavailable() != null
                            && Objects.equals(each.getSpec().getMaxUnavailable().getIntVal(), 1),
                    "more than one node, or none at all, may be taken away at once");
        }
    }
}
