package dev.parley.deploy;

import static dev.parley.deploy.Fleet.require;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.Endpoint;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether what names something else names what is there: selectors, ports, settings, references, the network policy. */
final class WiringRules {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Za-z_][A-Za-z0-9_]*)\\)");

    private WiringRules() {}

    static void foundByName(Fleet fleet, List<String> wrong) {
        Service service = fleet.manifests().all(Service.class).stream()
                .filter(each -> each.getMetadata()
                        .getName()
                        .equals(fleet.set().getSpec().getServiceName()))
                .findFirst()
                .orElse(null);
        if (service == null) {
            wrong.add("there is no Service " + fleet.set().getSpec().getServiceName() + ", and so no name for a pod");
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
        Map<String, String> settings = fleet.settings();
        String dns = settings.getOrDefault("PARLEY_DISCOVERY_DNS", "");
        require(
                wrong,
                dns.equals(service.getMetadata().getName())
                        || dns.startsWith(service.getMetadata().getName() + "."),
                "PARLEY_DISCOVERY_DNS is '" + dns + "' and not the Service");
    }

    static void selectorsMatch(Fleet fleet, List<String> wrong) {
        selects(fleet, wrong, "the StatefulSet", fleet.set().getSpec().getSelector());
        for (Service each : fleet.manifests().all(Service.class)) {
            Map<String, String> selector = each.getSpec().getSelector();
            require(
                    wrong,
                    selector != null
                            && !selector.isEmpty()
                            && fleet.podLabels().entrySet().containsAll(selector.entrySet()),
                    "Service " + each.getMetadata().getName() + " does not select the pods");
        }
        fleet.manifests()
                .all(PodDisruptionBudget.class)
                .forEach(each -> selects(
                        fleet, wrong, "the PodDisruptionBudget", each.getSpec().getSelector()));
        fleet.manifests()
                .all(NetworkPolicy.class)
                .forEach(each -> selects(
                        fleet, wrong, "the NetworkPolicy", each.getSpec().getPodSelector()));
        for (TopologySpreadConstraint each : fleet.pod().getTopologySpreadConstraints()) {
            selects(fleet, wrong, "the topology spread", each.getLabelSelector());
        }
        for (ServiceMonitor each : fleet.manifests().all(ServiceMonitor.class)) {
            Map<String, String> labels = each.getSpec().getSelector().getMatchLabels();
            require(
                    wrong,
                    labels != null
                            && !labels.isEmpty()
                            && fleet.manifests().all(Service.class).stream()
                                    .anyMatch(service -> service.getMetadata()
                                            .getLabels()
                                            .entrySet()
                                            .containsAll(labels.entrySet())),
                    "the ServiceMonitor selects no Service");
            String jobLabel = each.getSpec().getJobLabel();
            require(
                    wrong,
                    fleet.manifests().all(Service.class).stream()
                            .allMatch(service -> Alerts.JOB.equals(
                                    service.getMetadata().getLabels().get(jobLabel))),
                    "the ServiceMonitor does not make the job " + Alerts.JOB + ", which the alerts ask for");
        }
    }

    private static void selects(Fleet fleet, List<String> wrong, String who, LabelSelector selector) {
        Map<String, String> labels = selector == null ? null : selector.getMatchLabels();
        require(
                wrong,
                labels != null
                        && !labels.isEmpty()
                        && fleet.podLabels().entrySet().containsAll(labels.entrySet()),
                who + " does not select the pods");
    }

    static void portsMatch(Fleet fleet, List<String> wrong) {
        Map<String, Integer> ports = new HashMap<>();
        for (ContainerPort port : fleet.node().getPorts()) {
            ports.put(port.getName(), port.getContainerPort());
        }
        Set<String> names = new HashSet<>();
        for (Service each : fleet.manifests().all(Service.class)) {
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
        Map<String, String> settings = fleet.settings();
        require(
                wrong,
                fleet.listenAddress().equals("0.0.0.0 " + ports.get("psp")),
                "the node listens at " + fleet.listenAddress() + " and not at the port psp, for everybody");
        require(
                wrong,
                Objects.equals(settings.get("QUARKUS_MANAGEMENT_PORT"), String.valueOf(ports.get("management"))),
                "health and metrics are not at the port management");
        require(
                wrong,
                "0.0.0.0".equals(settings.get("QUARKUS_MANAGEMENT_HOST")),
                "QUARKUS_MANAGEMENT_HOST is not 0.0.0.0: nobody reaches it from outside");
        for (ServiceMonitor each : fleet.manifests().all(ServiceMonitor.class)) {
            for (Endpoint endpoint : each.getSpec().getEndpoints()) {
                require(
                        wrong,
                        names.contains(endpoint.getPort()),
                        "the ServiceMonitor's port is none of the Service's");
                require(wrong, "/q/metrics".equals(endpoint.getPath()), "the ServiceMonitor's path is not /q/metrics");
            }
        }
    }

    static void settingsExist(Fleet fleet, List<String> wrong) {
        for (String name : fleet.settings().keySet()) {
            require(
                    wrong,
                    name.equals("POD_NAME") || fleet.documented().settings().contains(name),
                    "there is no setting " + name);
        }
    }

    static void referencesResolve(Fleet fleet, List<String> wrong) {
        Set<String> before = new HashSet<>();
        for (EnvVar each : fleet.node().getEnv()) {
            Matcher reference = REFERENCE.matcher(String.valueOf(each.getValue()));
            while (reference.find()) {
                require(
                        wrong,
                        before.contains(reference.group(1)),
                        each.getName() + " refers to " + reference.group(1) + ", which does not stand before it");
            }
            require(wrong, before.add(each.getName()), each.getName() + " is there twice");
        }
        fleet.node()
                .getEnvFrom()
                .forEach(from -> require(
                        wrong,
                        from.getConfigMapRef() != null
                                && fleet.hasConfigMap(from.getConfigMapRef().getName()),
                        "the environment comes from a ConfigMap that is not there"));
    }

    static void network(Fleet fleet, List<String> wrong) {
        List<NetworkPolicy> policies = fleet.manifests().all(NetworkPolicy.class);
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
                            .anyMatch(rule -> rule.getFrom().stream()
                                            .anyMatch(from -> isFleet(fleet, from.getPodSelector()))
                                    && rule.getPorts().stream()
                                            .anyMatch(port ->
                                                    "psp".equals(port.getPort().getStrVal()))),
                    "nodes do not let each other in");
            require(
                    wrong,
                    spec.getEgress().stream()
                            .anyMatch(rule -> rule.getTo().stream().anyMatch(to -> isFleet(fleet, to.getPodSelector()))
                                    && rule.getPorts().stream()
                                            .anyMatch(port ->
                                                    "psp".equals(port.getPort().getStrVal()))),
                    "nodes do not get out to each other");
            require(
                    wrong,
                    spec.getEgress().stream().anyMatch(WiringRules::isNameService),
                    "nodes cannot ask for names");
        }
    }

    private static boolean isFleet(Fleet fleet, LabelSelector selector) {
        return selector != null
                && selector.getMatchLabels() != null
                && !selector.getMatchLabels().isEmpty()
                && fleet.podLabels()
                        .entrySet()
                        .containsAll(selector.getMatchLabels().entrySet());
    }

    private static boolean isNameService(NetworkPolicyEgressRule rule) {
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
}
