package dev.parley.deploy;

import static dev.parley.deploy.Fleet.require;

import io.fabric8.certmanager.api.model.v1.Certificate;
import io.fabric8.certmanager.api.model.v1.CertificateSpec;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.SecretProjection;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Keys that come from Secrets, and certificates that cert-manager makes: one of each for each pod of the set. */
final class CertificateRules {
    private static final String KEY = "tls.key";
    /** 0440: the node takes no key that others may read. */
    private static final int GROUP_READS = 0b100_100_000;

    private static final int BITS_LEAST = 2048;

    private CertificateRules() {}

    /** No container sees the key of another pod, and each has its own. */
    static void ownKey(Fleet fleet, List<String> wrong) {
        for (Volume volume : fleet.pod().getVolumes()) {
            require(
                    wrong,
                    volume.getSecret() == null,
                    "volume " + volume.getName() + " is a whole Secret, the same one for each pod");
            List<String> keys = keys(volume);
            if (keys.isEmpty()) {
                continue;
            }
            for (String pod : pods(fleet)) {
                require(wrong, keys.contains(pod + "/" + KEY), pod + " has no key in volume " + volume.getName());
            }
            require(
                    wrong,
                    Objects.equals(volume.getProjected().getDefaultMode(), GROUP_READS),
                    "volume " + volume.getName() + " is not readable for the group and nobody else");
            List<VolumeMount> mounts = fleet.containers().stream()
                    .flatMap(container -> container.getVolumeMounts().stream())
                    .filter(mount -> mount.getName().equals(volume.getName()))
                    .toList();
            require(
                    wrong,
                    mounts.stream().allMatch(mount -> "$(POD_NAME)".equals(mount.getSubPathExpr())),
                    "the keys of all are mounted, and not the pod's own alone");
            require(
                    wrong,
                    mounts.stream()
                            .anyMatch(mount -> Objects.equals(
                                    fleet.settings().get("PARLEY_IDENTITY_KEY_FILE"),
                                    mount.getMountPath() + "/" + KEY)),
                    "the node does not take its key from volume " + volume.getName());
        }
    }

    /** What cert-manager is asked for fits the pods, and what the pods mount is asked for. */
    static void certified(Fleet fleet, List<String> wrong) {
        Map<String, CertificateSpec> bySecret = new HashMap<>();
        for (Certificate each : fleet.manifests().all(Certificate.class)) {
            bySecret.put(each.getSpec().getSecretName(), each.getSpec());
        }
        for (Volume volume : fleet.pod().getVolumes()) {
            for (SecretProjection secret : secrets(volume)) {
                require(
                        wrong,
                        bySecret.containsKey(secret.getName()),
                        "volume " + volume.getName() + " waits for Secret " + secret.getName()
                                + ", which no Certificate makes");
            }
        }
        if (bySecret.isEmpty()) {
            return;
        }
        for (String pod : pods(fleet)) {
            CertificateSpec spec = bySecret.get(pod);
            if (spec == null) {
                wrong.add(pod + " has no Certificate");
                continue;
            }
            require(
                    wrong,
                    spec.getDnsNames()
                            .equals(List.of(pod + "." + fleet.set().getSpec().getServiceName())),
                    "the certificate of " + pod + " is for " + spec.getDnsNames());
            var key = spec.getPrivateKey();
            require(
                    wrong,
                    key != null
                            && "RSA".equals(key.getAlgorithm())
                            && key.getSize() != null
                            && key.getSize() >= BITS_LEAST,
                    "the key of " + pod + " is none that a node takes");
            require(
                    wrong,
                    key != null && "Never".equals(key.getRotationPolicy()),
                    pod + " gets another key at each renewal, and is another node then");
            require(
                    wrong,
                    Set.copyOf(spec.getUsages()).containsAll(Set.of("digital signature", "server auth", "client auth")),
                    "the certificate of " + pod + " is not for both sides of a session");
        }
    }

    private static List<String> pods(Fleet fleet) {
        List<String> pods = new ArrayList<>();
        for (int i = 0; i < fleet.set().getSpec().getReplicas(); i++) {
            pods.add(fleet.set().getMetadata().getName() + "-" + i);
        }
        return pods;
    }

    private static List<String> keys(Volume volume) {
        return secrets(volume).stream()
                .flatMap(secret -> secret.getItems().stream())
                .filter(item -> item.getKey().equals(KEY))
                .map(KeyToPath::getPath)
                .toList();
    }

    private static List<SecretProjection> secrets(Volume volume) {
        return volume.getProjected() == null
                ? List.of()
                : volume.getProjected().getSources().stream()
                        .filter(source -> source.getSecret() != null)
                        .map(source -> source.getSecret())
                        .toList();
    }
}
