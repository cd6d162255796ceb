package dev.parley.deploy;

import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What has to be true of alerts: that they ask for metrics and events that the node has, since one that asks for others never fires and
 * never fails; and that they say to whom they come what is the matter.
 */
final class Alerts {
    /** By which the alerts know what is one of our nodes, where no metric of a node says it. */
    static final String JOB = "parley";

    /** What nobody should have to find out by looking. */
    static final Set<String> NEEDED = Set.of(
            "ParleyTamperingSeen",
            "ParleyAuditChainBroken",
            "ParleyAuditNotWritable",
            "ParleyPeerVerifyFailed",
            "ParleyCertificateNearExpiry",
            "ParleyHandshakesRefused",
            "ParleyOutboxGrowing",
            "ParleyBridgeNotConnected",
            "ParleyDown",
            "ParleyPodGone",
            "ParleyNoneScraped");

    private static final Set<String> SUFFIXES = Set.of("_bucket", "_sum", "_count", "_max");

    private Alerts() {}

    /** What is wrong with the alerts; nothing is, if there is no PrometheusRule at all. */
    static List<String> check(Manifests manifests, Documented documented) {
        List<String> wrong = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (PrometheusRule each : manifests.all(PrometheusRule.class)) {
            each.getSpec()
                    .getGroups()
                    .forEach(group -> group.getRules().forEach(alert -> {
                        if (!names.add(alert.getAlert())) {
                            wrong.add(alert.getAlert() + " is there twice");
                        }
                        explained(alert, wrong);
                        asksForWhatIsThere(alert, documented, wrong);
                    }));
        }
        if (!names.isEmpty()) {
            NEEDED.stream()
                    .filter(name -> !names.contains(name))
                    .forEach(name -> wrong.add("there is no alert " + name));
        }
        return wrong;
    }

    private static void explained(Rule alert, List<String> wrong) {
        if (!Set.of("warning", "critical")
                .contains(String.valueOf(alert.getLabels().get("severity")))) {
            wrong.add(alert.getAlert() + " has no severity");
        }
        for (String part : List.of("summary", "description")) {
            if (alert.getAnnotations().getOrDefault(part, "").isBlank()) {
                wrong.add(alert.getAlert() + " has no " + part);
            }
        }
    }

    private static void asksForWhatIsThere(Rule alert, Documented documented, List<String> wrong) {
        List<PromQl.Selector> selectors = PromQl.selectors(alert.getExpr().getStrVal());
        if (selectors.isEmpty()) {
            wrong.add(alert.getAlert() + " asks for nothing");
        }
        for (PromQl.Selector selector : selectors) {
            if (!isThere(selector.metric(), documented.metrics())) {
                wrong.add(alert.getAlert() + " asks for " + selector.metric() + ", which no node has");
            }
            for (PromQl.Matching matching : selector.matchings()) {
                if (!matching.label().equals("event")) {
                    continue;
                }
                for (String event : matching.value().split("\\|")) {
                    if (!documented.events().contains(event)) {
                        wrong.add(alert.getAlert() + " asks for the event " + event + ", which no node has");
                    }
                }
            }
        }
    }

    private static boolean isThere(String metric, Set<String> metrics) {
        // Prometheus' own, of whatever it scrapes.
        return metric.equals("up")
                || metrics.contains(metric)
                || SUFFIXES.stream()
                        .anyMatch(suffix -> metric.endsWith(suffix)
                                && metrics.contains(metric.substring(0, metric.length() - suffix.length())));
    }
}
