package dev.parley.deploy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.Endpoint;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What has to be true of a fleet's manifests beyond their types: each rule for a mistake that a cluster accepts and that costs its
 * operator later. A rule says what is wrong; none says nothing.
 */
final class Rules {
    private static final int USER = 10001;
    private static final String STATE = "/var/lib/parley";
    private static final Duration KILLED_AFTER = Duration.ofSeconds(5);
    private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Za-z_][A-Za-z0-9_]*)\\)");

    /** Adds what is wrong. */
    private interface Rule {
        void check(Rules fleet, List<String> wrong);
    }

    private static final Map<String, Rule> RULES = new LinkedHashMap<>();

    static {
        RULES.put("one-namespace", Rules::oneNamespace);
        RULES.put("identity-stays", Rules::identityStays);
        RULES.put("found-by-name", Rules::foundByName);
        RULES.put("selectors-match", Rules::selectorsMatch);
        RULES.put("ports-match", Rules::portsMatch);
        RULES.put("probes", Rules::probes);
        RULES.put("limits", Rules::limits);
        RULES.put("not-root", Rules::notRoot);
        RULES.put("nothing-of-the-host", Rules::nothingOfTheHost);
        RULES.put("read-only-root", Rules::readOnlyRoot);
        RULES.put("no-token", Rules::noToken);
        RULES.put("grace", Rules::grace);
        RULES.put("settings-exist", Rules::settingsExist);
        RULES.put("references-resolve", Rules::referencesResolve);
        RULES.put("spread", Rules::spread);
        RULES.put("volumes", Rules::volumes);
        RULES.put("disruption", Rules::disruption);
        RULES.put("network", Rules::network);
        RULES.put("image", Rules::image);
        RULES.put("alerts", (fleet, wrong) -> wrong.addAll(Alerts.check(fleet.manifests, fleet.documented)));
    }

    private final Manifests manifests;
    private final Documented documented;
    private final StatefulSet set;
    private final PodSpec pod;
    private final Container node;
    private final Map<String, String> podLabels;

    private Rules(Manifests manifests, Documented documented) {
        this.manifests = manifests;
        this.documented = documented;
        set = manifests.only(StatefulSet.class);
        pod = set.getSpec().getTemplate().getSpec();
        node = pod.getContainers().getFirst();
        podLabels = set.getSpec().getTemplate().getMetadata().getLabels();
    }

    static Set<String> names() {
        return RULES.keySet();
    }

    /** What is wrong, by the rule that says so; rules that hold are not in it. */
    static Map<String, List<String>> broken(Manifests manifests, Documented documented) {
        Map<String, List<String>> broken = new LinkedHashMap<>();
        Rules fleet = new Rules(manifests, documented);
        RULES.forEach((name, rule) -> {
            List<String> wrong = new ArrayList<>();
            rule.check(fleet, wrong);
            if (!wrong.isEmpty()) {
                broken.put(name, wrong);
            }
        });
        return broken;
    }

    private void oneNamespace(List<String> wrong) {
        List<Namespace> namespaces = manifests.all(Namespace.class);
        require(wrong, namespaces.size() == 1, "there is not one Namespace, but " + namespaces.size());
        for (Namespace each : namespaces) {
            require(
                    wrong,
                    "restricted".equals(each.getMetadata().getLabels().get("pod-security.kubernetes.io/enforce")),
                    "the namespace does not enforce the restricted Pod Security Standard");
        }
        for (HasMetadata each : manifests.objects()) {
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

    /** The key is on the volume: it has to be there, and to stay. */
    private void identityStays(List<String> wrong) {
        List<String> claims = set.getSpec().getVolumeClaimTemplates().stream()
                .map(claim -> claim.getMetadata().getName())
                .toList();
        require(
                wrong,
                node.getVolumeMounts().stream()
                        .anyMatch(mount -> STATE.equals(mount.getMountPath())
                                && claims.contains(mount.getName())
                                && !Boolean.TRUE.equals(mount.getReadOnly())
                                && mount.getSubPath() == null),
                STATE + " is not on a volume of the pod's own");
        var retention = set.getSpec().getPersistentVolumeClaimRetentionPolicy();
        require(
                wrong,
                retention == null
                        || ("Retain".equals(retention.getWhenDeleted()) && "Retain".equals(retention.getWhenScaled())),
                "volumes are deleted with the set or with a pod, and the identity with them");
        require(
                wrong,
                set.getSpec().getVolumeClaimTemplates().stream()
                        .allMatch(claim -> List.of("ReadWriteOnce", "ReadWriteOncePod")
                                .containsAll(claim.getSpec().getAccessModes())),
                "a volume can be had by two nodes at once");
    }

    private void foundByName(List<String> wrong) {
        Service service = manifests.all(Service.class).stream()
                .filter(each ->
                        each.getMetadata().getName().equals(set.getSpec().getServiceName()))
                .findFirst()
                .orElse(null);
        if (service == null) {
            wrong.add("there is no Service " + set.getSpec().getServiceName() + ", and so no name for a pod");
            return;
        }
        require(wrong, "None".equals(service.getSpec().getClusterIP()), "the Service is not headless");
        require(
                wrong,
                Boolean.TRUE.equals(service.getSpec().getPublishNotReadyAddresses()),
                "a node that is not ready is not found, though it still takes acknowledgements");
        require(
                wrong,
                service.getSpec().getPorts().stream().anyMatch(port -> "psp".equals(port.getName())),
                "no port is called psp, and so there is no SRV _psp._tcp");
        Map<String, String> settings = settings();
        String dns = settings.getOrDefault("PARLEY_DISCOVERY_DNS", "");
        require(
                wrong,
                dns.equals(service.getMetadata().getName())
                        || dns.startsWith(service.getMetadata().getName() + "."),
                "PARLEY_DISCOVERY_DNS is '" + dns + "' and not the Service");
    }

    private void selectorsMatch(List<String> wrong) {
        selects(wrong, "the StatefulSet", set.getSpec().getSelector());
        for (Service each : manifests.all(Service.class)) {
            Map<String, String> selector = each.getSpec().getSelector();
            require(
                    wrong,
                    selector != null
                            && !selector.isEmpty()
                            && podLabels.entrySet().containsAll(selector.entrySet()),
                    "Service " + each.getMetadata().getName() + " does not select the pods");
        }
        manifests
                .all(PodDisruptionBudget.class)
                .forEach(each ->
                        selects(wrong, "the PodDisruptionBudget", each.getSpec().getSelector()));
        manifests
                .all(NetworkPolicy.class)
                .forEach(each ->
                        selects(wrong, "the NetworkPolicy", each.getSpec().getPodSelector()));
        for (TopologySpreadConstraint each : pod.getTopologySpreadConstraints()) {
            selects(wrong, "the topology spread", each.getLabelSelector());
        }
        for (ServiceMonitor each : manifests.all(ServiceMonitor.class)) {
            Map<String, String> labels = each.getSpec().getSelector().getMatchLabels();
            require(
                    wrong,
                    labels != null
                            && !labels.isEmpty()
                            && manifests.all(Service.class).stream()
                                    .anyMatch(service -> service.getMetadata()
                                            .getLabels()
                                            .entrySet()
                                            .containsAll(labels.entrySet())),
                    "the ServiceMonitor selects no Service");
        }
    }

    /** An empty selector means all pods of the namespace, or none: neither is meant. */
    private void selects(List<String> wrong, String who, LabelSelector selector) {
        Map<String, String> labels = selector == null ? null : selector.getMatchLabels();
        require(
                wrong,
                labels != null && !labels.isEmpty() && podLabels.entrySet().containsAll(labels.entrySet()),
                who + " does not select the pods");
    }

    private void portsMatch(List<String> wrong) {
        Map<String, Integer> ports = new HashMap<>();
        for (ContainerPort port : node.getPorts()) {
            ports.put(port.getName(), port.getContainerPort());
        }
        Set<String> names = new HashSet<>();
        for (Service each : manifests.all(Service.class)) {
            for (ServicePort port : each.getSpec().getPorts()) {
                names.add(port.getName());
                Object target = port.getTargetPort() == null
                        ? null
                        : port.getTargetPort().getStrVal();
                // A headless Service translates nothing: who finds its port dials it at the pod.
                require(
                        wrong,
                        target != null && Objects.equals(ports.get(target), port.getPort()),
                        "port " + port.getName() + " of the Service is none of the pod's");
            }
        }
        Map<String, String> settings = settings();
        require(
                wrong,
                Objects.equals(settings.get("PARLEY_LISTEN_PORT"), String.valueOf(ports.get("psp"))),
                "the node does not listen at the port psp");
        require(
                wrong,
                Objects.equals(settings.get("QUARKUS_MANAGEMENT_PORT"), String.valueOf(ports.get("management"))),
                "health and metrics are not at the port management");
        for (String host : List.of("PARLEY_LISTEN_HOST", "QUARKUS_MANAGEMENT_HOST")) {
            require(
                    wrong,
                    "0.0.0.0".equals(settings.get(host)),
                    host + " is not 0.0.0.0: nobody reaches it from outside");
        }
        for (ServiceMonitor each : manifests.all(ServiceMonitor.class)) {
            for (Endpoint endpoint : each.getSpec().getEndpoints()) {
                require(
                        wrong,
                        names.contains(endpoint.getPort()),
                        "the ServiceMonitor's port is none of the Service's");
                require(wrong, "/q/metrics".equals(endpoint.getPath()), "the ServiceMonitor's path is not /q/metrics");
            }
        }
    }

    private void probes(List<String> wrong) {
        probe(wrong, "startup", node.getStartupProbe(), "/q/health/started");
        probe(wrong, "readiness", node.getReadinessProbe(), "/q/health/ready");
        // What depends on peers or on room on the disk must not kill the node: live is that it answers.
        probe(wrong, "liveness", node.getLivenessProbe(), "/q/health/live");
        Probe live = node.getLivenessProbe();
        require(
                wrong,
                live != null && orDefault(live.getPeriodSeconds(), 10) * orDefault(live.getFailureThreshold(), 3) >= 30,
                "a node is killed that did not answer for less than half a minute");
    }

    private static void probe(List<String> wrong, String name, Probe probe, String path) {
        require(
                wrong,
                probe != null
                        && probe.getHttpGet() != null
                        && path.equals(probe.getHttpGet().getPath())
                        && probe.getHttpGet().getPort() != null
                        && "management".equals(probe.getHttpGet().getPort().getStrVal()),
                "the " + name + " probe does not ask for " + path + " at the port management");
    }

    private void limits(List<String> wrong) {
        for (Container each : pod.getContainers()) {
            var resources = each.getResources();
            for (String what : List.of("cpu", "memory")) {
                require(
                        wrong,
                        resources != null
                                && resources.getRequests() != null
                                && resources.getLimits() != null
                                && resources.getRequests().containsKey(what)
                                && resources.getLimits().containsKey(what)
                                && resources
                                                .getRequests()
                                                .get(what)
                                                .getNumericalAmount()
                                                .compareTo(resources
                                                        .getLimits()
                                                        .get(what)
                                                        .getNumericalAmount())
                                        <= 0,
                        "container " + each.getName() + " has no request and limit of " + what + " that fit");
            }
        }
    }

    private void notRoot(List<String> wrong) {
        PodSecurityContext context = pod.getSecurityContext();
        require(
                wrong,
                context != null
                        && Boolean.TRUE.equals(context.getRunAsNonRoot())
                        && Objects.equals(context.getRunAsUser(), (long) USER)
                        && Objects.equals(context.getRunAsGroup(), (long) USER)
                        && Objects.equals(context.getFsGroup(), (long) USER)
                        && context.getSeccompProfile() != null
                        && "RuntimeDefault".equals(context.getSeccompProfile().getType()),
                "the pod does not run as " + USER + ", not root, under the run time's seccomp profile");
        require(
                wrong,
                context != null && "OnRootMismatch".equals(context.getFsGroupChangePolicy()),
                "each start would open the identity key to the group, and the node refuses such a key");
        for (Container each : containers()) {
            SecurityContext own = each.getSecurityContext();
            require(
                    wrong,
                    own != null
                            && Boolean.FALSE.equals(own.getAllowPrivilegeEscalation())
                            && !Boolean.TRUE.equals(own.getPrivileged())
                            && own.getRunAsUser() == null
                            && own.getRunAsNonRoot() == null
                            && own.getCapabilities() != null
                            && List.of("ALL").equals(own.getCapabilities().getDrop())
                            && own.getCapabilities().getAdd().isEmpty(),
                    "container " + each.getName()
                            + " has capabilities, or may get privileges, or runs as another user");
        }
    }

    private List<Container> containers() {
        List<Container> all = new ArrayList<>(pod.getContainers());
        all.addAll(pod.getInitContainers());
        return all;
    }

    private void nothingOfTheHost(List<String> wrong) {
        require(
                wrong,
                !Boolean.TRUE.equals(pod.getHostNetwork())
                        && !Boolean.TRUE.equals(pod.getHostPID())
                        && !Boolean.TRUE.equals(pod.getHostIPC()),
                "the pod shares a namespace with its machine");
        require(
                wrong,
                pod.getVolumes().stream().allMatch(volume -> volume.getHostPath() == null),
                "the pod mounts a directory of its machine");
        require(
                wrong,
                containers().stream()
                        .flatMap(each -> each.getPorts().stream())
                        .allMatch(port -> port.getHostPort() == null),
                "the pod takes a port of its machine");
    }

    private void readOnlyRoot(List<String> wrong) {
        for (Container each : containers()) {
            require(
                    wrong,
                    each.getSecurityContext() != null
                            && Boolean.TRUE.equals(each.getSecurityContext().getReadOnlyRootFilesystem()),
                    "the root of container " + each.getName() + " can be written");
        }
    }

    private void noToken(List<String> wrong) {
        require(wrong, Boolean.FALSE.equals(pod.getAutomountServiceAccountToken()), "the pod is given a token");
        require(
                wrong,
                manifests.all(ServiceAccount.class).stream()
                        .anyMatch(account -> account.getMetadata().getName().equals(pod.getServiceAccountName())
                                && Boolean.FALSE.equals(account.getAutomountServiceAccountToken())),
                "there is no ServiceAccount of the pod's own, without a token");
    }

    private void grace(List<String> wrong) {
        String setting = settings().get("PARLEY_SHUTDOWN_GRACE");
        Matcher seconds = Pattern.compile("([0-9]+)s").matcher(String.valueOf(setting));
        if (!seconds.matches()) {
            wrong.add("PARLEY_SHUTDOWN_GRACE is " + setting + " and not so many seconds");
            return;
        }
        Duration needed = Duration.ofSeconds(Long.parseLong(seconds.group(1))).plus(KILLED_AFTER);
        require(
                wrong,
                pod.getTerminationGracePeriodSeconds() != null
                        && pod.getTerminationGracePeriodSeconds() >= needed.toSeconds(),
                "a pod is killed after " + pod.getTerminationGracePeriodSeconds() + " s, and " + needed.toSeconds()
                        + " are needed: parley.shutdown.grace, and some to spare");
    }

    /** The node ignores a name in the environment that it does not know, and so a mistake in one. */
    private void settingsExist(List<String> wrong) {
        for (String name : settings().keySet()) {
            require(
                    wrong,
                    name.equals("POD_NAME") || documented.settings().contains(name),
                    "there is no setting " + name);
        }
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        node.getEnvFrom().stream()
                .filter(from -> from.getConfigMapRef() != null)
                .flatMap(from -> manifests.all(ConfigMap.class).stream()
                        .filter(map -> map.getMetadata()
                                .getName()
                                .equals(from.getConfigMapRef().getName())))
                .forEach(map -> settings.putAll(map.getData()));
        node.getEnv().forEach(each -> settings.put(each.getName(), String.valueOf(each.getValue())));
        return settings;
    }

    /** A reference to what stands below it is left as it is, and nobody says so. */
    private void referencesResolve(List<String> wrong) {
        Set<String> before = new HashSet<>();
        for (EnvVar each : node.getEnv()) {
            Matcher reference = REFERENCE.matcher(String.valueOf(each.getValue()));
            while (reference.find()) {
                require(
                        wrong,
                        before.contains(reference.group(1)),
                        each.getName() + " refers to " + reference.group(1) + ", which does not stand before it");
            }
            require(wrong, before.add(each.getName()), each.getName() + " is there twice");
        }
        node.getEnvFrom()
                .forEach(from -> require(
                        wrong,
                        from.getConfigMapRef() != null
                                && hasConfigMap(from.getConfigMapRef().getName()),
                        "the environment comes from a ConfigMap that is not there"));
    }

    private boolean hasConfigMap(String name) {
        return manifests.all(ConfigMap.class).stream()
                .anyMatch(map -> map.getMetadata().getName().equals(name));
    }

    private void spread(List<String> wrong) {
        List<String> keys = pod.getTopologySpreadConstraints().stream()
                .map(TopologySpreadConstraint::getTopologyKey)
                .toList();
        require(wrong, keys.contains("kubernetes.io/hostname"), "the nodes may all be on one machine");
        require(wrong, keys.size() == new HashSet<>(keys).size(), "two constraints for one topology: " + keys);
    }

    private void volumes(List<String> wrong) {
        Set<String> there = new HashSet<>();
        set.getSpec()
                .getVolumeClaimTemplates()
                .forEach(claim -> there.add(claim.getMetadata().getName()));
        for (Volume volume : pod.getVolumes()) {
            require(wrong, there.add(volume.getName()), "volume " + volume.getName() + " is there twice");
            require(
                    wrong,
                    volume.getConfigMap() == null
                            || Boolean.TRUE.equals(volume.getConfigMap().getOptional())
                            || hasConfigMap(volume.getConfigMap().getName()),
                    "volume " + volume.getName() + " is of a ConfigMap that is not there");
        }
        for (VolumeMount mount : node.getVolumeMounts()) {
            require(wrong, there.contains(mount.getName()), "there is no volume " + mount.getName());
            require(
                    wrong,
                    mount.getSubPath() == null,
                    mount.getMountPath() + " is mounted by subPath and would never change");
        }
    }

    private void disruption(List<String> wrong) {
        List<PodDisruptionBudget> budgets = manifests.all(PodDisruptionBudget.class);
        require(wrong, budgets.size() == 1, "there is not one PodDisruptionBudget");
        for (PodDisruptionBudget each : budgets) {
            require(
                    wrong,
                    each.getSpec().getMaxUnavailable() != null
                            && Objects.equals(each.getSpec().getMaxUnavailable().getIntVal(), 1),
                    "more than one node, or none at all, may be taken away at once");
        }
    }

    private void network(List<String> wrong) {
        List<NetworkPolicy> policies = manifests.all(NetworkPolicy.class);
        require(wrong, policies.size() == 1, "there is not one NetworkPolicy");
        for (NetworkPolicy policy : policies) {
            var spec = policy.getSpec();
            require(
                    wrong,
                    spec.getPolicyTypes().containsAll(List.of("Ingress", "Egress")),
                    "the policy does not hold for both directions");
            for (var rule : spec.getIngress()) {
                require(
                        wrong,
                        !rule.getFrom().isEmpty() && !rule.getPorts().isEmpty(),
                        "somebody gets in from anywhere, or at any port");
            }
            require(
                    wrong,
                    spec.getIngress().stream()
                            .anyMatch(rule -> rule.getFrom().stream().anyMatch(from -> isFleet(from.getPodSelector()))
                                    && rule.getPorts().stream()
                                            .anyMatch(port ->
                                                    "psp".equals(port.getPort().getStrVal()))),
                    "nodes do not let each other in");
            require(
                    wrong,
                    spec.getEgress().stream()
                            .anyMatch(rule -> rule.getTo().stream().anyMatch(to -> isFleet(to.getPodSelector()))
                                    && rule.getPorts().stream()
                                            .anyMatch(port ->
                                                    "psp".equals(port.getPort().getStrVal()))),
                    "nodes do not get out to each other");
            require(wrong, spec.getEgress().stream().anyMatch(this::isNameService), "nodes cannot ask for names");
        }
    }

    private boolean isFleet(LabelSelector selector) {
        return selector != null
                && selector.getMatchLabels() != null
                && !selector.getMatchLabels().isEmpty()
                && podLabels.entrySet().containsAll(selector.getMatchLabels().entrySet());
    }

    private boolean isNameService(NetworkPolicyEgressRule rule) {
        Set<String> protocols = new HashSet<>();
        rule.getPorts().stream()
                .filter(port -> Objects.equals(port.getPort().getIntVal(), 53))
                .forEach(port -> protocols.add(port.getProtocol()));
        return protocols.equals(Set.of("UDP", "TCP"))
                && rule.getTo().stream()
                        .anyMatch(to -> to.getNamespaceSelector() != null
                                && to.getPodSelector() != null
                                && Map.of("k8s-app", "kube-dns")
                                        .equals(to.getPodSelector().getMatchLabels()));
    }

    private void image(List<String> wrong) {
        for (Container each : containers()) {
            int colon = each.getImage().lastIndexOf(':');
            require(
                    wrong,
                    each.getImage().contains("@sha256:")
                            || (colon > each.getImage().lastIndexOf('/')
                                    && !each.getImage().endsWith(":latest")),
                    "image " + each.getImage() + " is another one tomorrow");
        }
    }

    private static int orDefault(Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }

    private static void require(List<String> wrong, boolean holds, String otherwise) {
        if (!holds) {
            wrong.add(otherwise);
        }
    }
}
