package dev.parley.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodFilesTest {
    @Test
    void makesAPodForEachOrdinalWithTheVolumeOfItsClaim() throws Exception {
        Manifests manifests = Manifests.parse(Overlays.render("production"));
        Map<String, List<HasMetadata>> files = PodFiles.convert(manifests, PodFiles.Changes.NONE);
        assertThat(files).containsOnlyKeys("parley-0", "parley-1", "parley-2");

        Manifests file = Manifests.parse(Manifests.write(files.get("parley-1")));
        Pod pod = file.only(Pod.class);
        Container node = pod.getSpec().getContainers().getFirst();
        assertThat(node.getEnv())
                .contains(
                        new EnvVar("PARLEY_NAME", "parley-1", null),
                        new EnvVar("PARLEY_ADVERTISE", "parley-1.parley:3001", null),
                        new EnvVar("PARLEY_IDENTITY_CERTIFICATE", "/etc/parley/fleet/parley-1.crt", null),
                        new EnvVar("PARLEY_TRUST_MODE", "ca", null));
        assertThat(node.getPorts()).isEmpty();
        assertThat(pod.getSpec().getVolumes())
                .anyMatch(volume -> volume.getPersistentVolumeClaim() != null
                        && volume.getPersistentVolumeClaim().getClaimName().equals("data-parley-1"));
    }

    /** What is proved of a pod that is played has to be true of the one in a cluster. */
    @Test
    void leavesTheNodesOwnPartAsItIs() throws Exception {
        Manifests manifests = Manifests.parse(Overlays.render("production"));
        var inCluster =
                manifests.only(StatefulSet.class).getSpec().getTemplate().getSpec();
        Pod pod =
                new Manifests(PodFiles.convert(manifests, PodFiles.Changes.NONE).get("parley-0")).only(Pod.class);
        Container there = inCluster.getContainers().getFirst();
        Container here = pod.getSpec().getContainers().getFirst();
        assertThat(here.getSecurityContext()).isEqualTo(there.getSecurityContext());
        assertThat(here.getResources()).isEqualTo(there.getResources());
        assertThat(here.getVolumeMounts()).isEqualTo(there.getVolumeMounts());
        assertThat(here.getImage()).isEqualTo(there.getImage());
        assertThat(pod.getSpec().getSecurityContext()).isEqualTo(inCluster.getSecurityContext());
        assertThat(pod.getSpec().getTerminationGracePeriodSeconds())
                .isEqualTo(inCluster.getTerminationGracePeriodSeconds());
    }

    @Test
    void changesOnlyWhatItIsTold() throws Exception {
        Manifests manifests = Manifests.parse(Overlays.render("production"));
        PodFiles.Changes changes =
                PodFiles.changes(List.of("--env", "PARLEY_SESSION_DEAD_AFTER=6s", "--host-path", "fleet=/tmp/a=b"));
        Pod pod = new Manifests(PodFiles.convert(manifests, changes).get("parley-0")).only(Pod.class);
        assertThat(pod.getSpec().getContainers().getFirst().getEnv())
                .contains(new EnvVar("PARLEY_SESSION_DEAD_AFTER", "6s", null));
        assertThat(pod.getSpec().getVolumes())
                .anyMatch(volume -> volume.getName().equals("fleet")
                        && volume.getHostPath().getPath().equals("/tmp/a=b"));
    }

    @Test
    void refusesWhatItDoesNotUnderstand() {
        assertThatThrownBy(() -> PodFiles.changes(List.of("--env")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--env");
        assertThatThrownBy(() -> PodFiles.changes(List.of("--env", "=x"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PodFiles.changes(List.of("--other", "a=b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--other");
        assertThatThrownBy(() -> PodFiles.convert(new Manifests(List.of()), PodFiles.Changes.NONE))
                .isInstanceOf(IllegalStateException.class);
    }
}
