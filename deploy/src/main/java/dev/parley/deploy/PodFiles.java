package dev.parley.deploy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Turns a rendered StatefulSet into what {@code podman play kube} understands, a file for each ordinal: {@code PodFiles OUT
 * [--env NAME=VALUE | --host-path VOLUME=DIRECTORY]...} with the manifests on standard input writes {@code OUT/parley-0.yaml} and so on. What
 * a cluster would do is done here: a volume by the name of its claim (podman makes it if it is not there), the pod's name and namespace into its environment, {@code $(NAME)} in
 * values, the settings of ConfigMaps. The node's own part (its command, settings, security context, limits, mounts) stays as it is.
 * {@code --env} sets more of the environment, and {@code --host-path} takes a directory for a volume, for a test alone.
 */
public final class PodFiles {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Za-z_][A-Za-z0-9_]*)\\)");

    /** What a test changes: more of the environment, and directories of the host in the place of volumes. */
    record Changes(Map<String, String> environment, Map<String, String> hostPaths) {
        static final Changes NONE = new Changes(Map.of(), Map.of());
    }

    private PodFiles() {}

    public static void main(String... arguments) throws IOException {
        try {
            write(arguments);
        } catch (IllegalArgumentException | IllegalStateException | IOException e) {
            System.err.println("error: " + e.getMessage());
            System.exit(2);
        }
    }

    private static void write(String... arguments) throws IOException {
        if (arguments.length == 0) {
            throw new IllegalArgumentException(
                    "the directory to write to is missing: PodFiles OUT [--env NAME=VALUE | --host-path VOLUME=DIRECTORY]...");
        }
        Changes changes = changes(List.of(arguments).subList(1, arguments.length));
        Path out = Path.of(arguments[0]);
        Files.createDirectories(out);
        Manifests manifests = Manifests.parse(new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
        for (var file : convert(manifests, changes).entrySet()) {
            Files.writeString(out.resolve(file.getKey() + ".yaml"), Manifests.write(file.getValue()));
        }
    }

    static Changes changes(List<String> arguments) {
        Map<String, String> environment = new LinkedHashMap<>();
        Map<String, String> hostPaths = new LinkedHashMap<>();
        for (int i = 0; i < arguments.size(); i += 2) {
            String pair = i + 1 < arguments.size() ? arguments.get(i + 1) : "";
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "after " + arguments.get(i) + " stands no NAME=VALUE, but '" + pair + "'");
            }
            Map<String, String> to = switch (arguments.get(i)) {
                case "--env" -> environment;
                case "--host-path" -> hostPaths;
                default -> throw new IllegalArgumentException("there is no option " + arguments.get(i));
            };
            to.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return new Changes(environment, hostPaths);
    }

    /**
     * @return the objects of each pod, by the pod's name, in the order of their ordinals
     * @throws IllegalArgumentException if the StatefulSet asks for something that cannot be had without a cluster
     */
    static Map<String, List<HasMetadata>> convert(Manifests manifests, Changes changes) {
        StatefulSet set = manifests.only(StatefulSet.class);
        Map<String, List<HasMetadata>> files = new LinkedHashMap<>();
        for (int ordinal = 0; ordinal < set.getSpec().getReplicas(); ordinal++) {
            String name = set.getMetadata().getName() + "-" + ordinal;
            List<HasMetadata> objects = new ArrayList<>();
            Pod pod = pod(set, manifests, name, changes);
            objects.addAll(mounted(pod, manifests));
            objects.add(pod);
            files.put(name, objects);
        }
        return files;
    }

    private static Pod pod(StatefulSet set, Manifests manifests, String name, Changes changes) {
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(set.getSpec().getTemplate().getMetadata().getLabels())
                .endMetadata()
                .withSpec(set.getSpec().getTemplate().getSpec())
                .build();
        PodSpec spec = pod.getSpec();
        if (spec.getInitContainers() != null && !spec.getInitContainers().isEmpty()) {
            throw new IllegalArgumentException("init containers are not played");
        }
        List<Volume> volumes = new ArrayList<>(spec.getVolumes());
        for (PersistentVolumeClaim template : set.getSpec().getVolumeClaimTemplates()) {
            volumes.add(new VolumeBuilder()
                    .withName(template.getMetadata().getName())
                    .withNewPersistentVolumeClaim(template.getMetadata().getName() + "-" + name, false)
                    .build());
        }
        changes.hostPaths()
                .forEach((volume, directory) ->
                        volumes.replaceAll(each -> each.getName().equals(volume)
                                ? new VolumeBuilder()
                                        .withName(volume)
                                        .withNewHostPath(directory, "Directory")
                                        .build()
                                : each));
        spec.setVolumes(volumes);
        // Where a pod runs and how a cluster talks to it is nothing to a single machine.
        spec.setTopologySpreadConstraints(List.of());
        spec.setServiceAccountName(null);
        for (Container container : spec.getContainers()) {
            String namespace = set.getMetadata().getNamespace();
            container.setEnv(environment(
                    container, manifests, name, namespace == null ? "default" : namespace, changes.environment()));
            container.setEnvFrom(List.of());
            // They would be published on the host; and probes would become commands of a shell.
            container.setPorts(List.of());
            container.setStartupProbe(null);
            container.setReadinessProbe(null);
            container.setLivenessProbe(null);
            container.setImagePullPolicy(null);
        }
        return pod;
    }

    /** As the kubelet does it: ConfigMaps first, what is named after wins, and a reference sees only what stands before it. */
    private static List<EnvVar> environment(
            Container container, Manifests manifests, String pod, String namespace, Map<String, String> more) {
        Map<String, String> values = new LinkedHashMap<>();
        container.getEnvFrom().forEach(from -> {
            if (from.getConfigMapRef() == null) {
                throw new IllegalArgumentException("envFrom is played of ConfigMaps alone");
            }
            values.putAll(configMap(manifests, from.getConfigMapRef().getName()).getData());
        });
        for (EnvVar each : container.getEnv()) {
            values.put(each.getName(), value(each, pod, namespace, values));
        }
        values.putAll(more);
        return values.entrySet().stream()
                .map(entry -> new EnvVar(entry.getKey(), entry.getValue(), null))
                .collect(Collectors.toList());
    }

    private static String value(EnvVar variable, String pod, String namespace, Map<String, String> before) {
        if (variable.getValueFrom() != null) {
            String path = variable.getValueFrom().getFieldRef() == null
                    ? "another source than a field"
                    : variable.getValueFrom().getFieldRef().getFieldPath();
            return switch (path) {
                case "metadata.name" -> pod;
                case "metadata.namespace" -> namespace;
                default -> throw new IllegalArgumentException(variable.getName() + ": " + path + " is not played");
            };
        }
        String value = variable.getValue() == null ? "" : variable.getValue();
        Matcher reference = REFERENCE.matcher(value);
        return reference.replaceAll(
                match -> Matcher.quoteReplacement(before.getOrDefault(match.group(1), match.group())));
    }

    private static List<ConfigMap> mounted(Pod pod, Manifests manifests) {
        Set<String> names = pod.getSpec().getVolumes().stream()
                .filter(volume -> volume.getConfigMap() != null)
                .map(volume -> volume.getConfigMap().getName())
                .collect(Collectors.toSet());
        return manifests.all(ConfigMap.class).stream()
                .filter(map -> names.contains(map.getMetadata().getName()))
                .toList();
    }

    private static ConfigMap configMap(Manifests manifests, String name) {
        return manifests.all(ConfigMap.class).stream()
                .filter(map -> map.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no ConfigMap " + name));
    }
}
