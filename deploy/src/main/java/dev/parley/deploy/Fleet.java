package dev.parley.deploy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A fleet's manifests, with at hand what rules ask for. */
record Fleet(Manifests manifests, Documented documented) {
    /** Its {@code /etc/parley/CREDENTIALS.txt}. */
    private static final String IMAGE_LISTENS = "0.0.0.0 3001";

    StatefulSet set() {
        return manifests.only(StatefulSet.class);
    }

    PodSpec pod() {
        return set().getSpec().getTemplate().getSpec();
    }

    /** The container of the node: the first. */
    Container node() {
        return pod().getContainers().getFirst();
    }

    List<Container> containers() {
        List<Container> all = new ArrayList<>(pod().getContainers());
        all.addAll(pod().getInitContainers());
        return all;
    }

    Map<String, String> podLabels() {
        return set().getSpec().getTemplate().getMetadata().getLabels();
    }

    /** The node's environment: ConfigMaps first, what is named after wins. Values that come from fields are {@code null} in words. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        node().getEnvFrom().stream()
                .filter(from -> from.getConfigMapRef() != null)
                .flatMap(from -> manifests.all(ConfigMap.class).stream()
                        .filter(map -> map.getMetadata()
                                .getName()
                                .equals(from.getConfigMapRef().getName())))
                .forEach(map -> settings.putAll(map.getData()));
        node().getEnv().forEach(each -> settings.put(each.getName(), String.valueOf(each.getValue())));
        return settings;
    }

    /** {@code host port}: of the environment, else of the file that is named there, else of the image. */
    String listenAddress() {
        Map<String, String> settings = settings();
        String[] file = credentials(settings.get("PARLEY_CREDENTIALS")).strip().split(" ");
        return settings.getOrDefault("PARLEY_LISTEN_HOST", file[0]) + " "
                + settings.getOrDefault("PARLEY_LISTEN_PORT", file[file.length - 1]);
    }

    private String credentials(String path) {
        if (path == null) {
            return IMAGE_LISTENS;
        }
        int slash = path.lastIndexOf('/');
        return node().getVolumeMounts().stream()
                .filter(mount -> mount.getMountPath().equals(path.substring(0, slash)))
                .flatMap(mount -> pod().getVolumes().stream()
                        .filter(volume -> volume.getName().equals(mount.getName()) && volume.getConfigMap() != null))
                .flatMap(volume -> manifests.all(ConfigMap.class).stream()
                        .filter(map -> map.getMetadata()
                                .getName()
                                .equals(volume.getConfigMap().getName())))
                .map(map -> map.getData().get(path.substring(slash + 1)))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("a file that is not there");
    }

    boolean hasConfigMap(String name) {
        return manifests.all(ConfigMap.class).stream()
                .anyMatch(map -> map.getMetadata().getName().equals(name));
    }

    static void require(List<String> wrong, boolean holds, String otherwise) {
        if (!holds) {
            wrong.add(otherwise);
        }
    }
}
