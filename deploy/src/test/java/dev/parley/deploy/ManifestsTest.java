package dev.parley.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The manifests keep our rules, and each rule notices the mistake that it is there for. */
class ManifestsTest {
    private static final String POD = "/spec/template/spec";
    private static final String NODE = POD + "/containers/0";

    /** A mistake: in the object of this kind, and the rule that has to notice. */
    private record Mistake(String overlay, String rule, String what, String kind, Consumer<ObjectNode> make) {
        /** In the production overlay, which has all there is but certificates. */
        Mistake(String rule, String what, String kind, Consumer<ObjectNode> make) {
            this("production", rule, what, kind, make);
        }
    }

    private static final List<Mistake> MISTAKES = List.of(
            new Mistake("one-namespace", "elsewhere", "Service", set("/metadata/namespace", "default")),
            new Mistake(
                    "one-namespace",
                    "not restricted",
                    "Namespace",
                    set("/metadata/labels/pod-security.kubernetes.io~1enforce", "baseline")),
            new Mistake("identity-stays", "no claim", "StatefulSet", remove("/spec/volumeClaimTemplates")),
            new Mistake(
                    "identity-stays",
                    "deleted with the pod",
                    "StatefulSet",
                    set("/spec/persistentVolumeClaimRetentionPolicy/whenScaled", "Delete")),
            new Mistake("found-by-name", "not headless", "Service", remove("/spec/clusterIP")),
            new Mistake("found-by-name", "only ready ones", "Service", remove("/spec/publishNotReadyAddresses")),
            new Mistake("found-by-name", "no such Service", "StatefulSet", set("/spec/serviceName", "other")),
            new Mistake("found-by-name", "no port psp", "Service", set("/spec/ports/0/name", "peer")),
            new Mistake("found-by-name", "another name", "ConfigMap", set("/data/PARLEY_DISCOVERY_DNS", "other")),
            new Mistake("selectors-match", "Service", "Service", set("/spec/selector/app.kubernetes.io~1name", "x")),
            new Mistake("selectors-match", "all", "NetworkPolicy", remove("/spec/podSelector/matchLabels")),
            new Mistake("selectors-match", "none", "PodDisruptionBudget", remove("/spec/selector/matchLabels")),
            new Mistake(
                    "selectors-match",
                    "no Service",
                    "ServiceMonitor",
                    set("/spec/selector/matchLabels/app.kubernetes.io~1name", "x")),
            new Mistake("selectors-match", "another job", "ServiceMonitor", remove("/spec/jobLabel")),
            new Mistake("ports-match", "another number", "Service", set("/spec/ports/0/port", 3002)),
            new Mistake("ports-match", "another target", "Service", set("/spec/ports/0/targetPort", "peer")),
            new Mistake("ports-match", "another setting", "ConfigMap", set("/data/PARLEY_LISTEN_PORT", "3002")),
            new Mistake("ports-match", "another host", "ConfigMap", set("/data/PARLEY_LISTEN_HOST", "127.0.0.1")),
            new Mistake(
                    "local",
                    "ports-match",
                    "another file",
                    "ConfigMap",
                    set("/data/CREDENTIALS.txt", "127.0.0.1 3001\n")),
            new Mistake(
                    "local",
                    "ports-match",
                    "no such file",
                    "StatefulSet",
                    set(NODE + "/env/0/value", "/etc/parley/credentials/OTHER.txt")),
            new Mistake("ports-match", "not to be reached", "ConfigMap", remove("/data/QUARKUS_MANAGEMENT_HOST")),
            new Mistake("ports-match", "no such port", "ServiceMonitor", set("/spec/endpoints/0/port", "metrics")),
            new Mistake("probes", "no startup", "StatefulSet", remove(NODE + "/startupProbe")),
            new Mistake(
                    "probes",
                    "dies of a full disk",
                    "StatefulSet",
                    set(NODE + "/livenessProbe/httpGet/path", "/q/health/ready")),
            new Mistake("probes", "impatient", "StatefulSet", set(NODE + "/livenessProbe/failureThreshold", 1)),
            new Mistake("limits", "no limit", "StatefulSet", remove(NODE + "/resources/limits/memory")),
            new Mistake("limits", "more than allowed", "StatefulSet", set(NODE + "/resources/requests/memory", "1Gi")),
            new Mistake("not-root", "root", "StatefulSet", set(POD + "/securityContext/runAsUser", 0)),
            new Mistake("not-root", "key opened", "StatefulSet", remove(POD + "/securityContext/fsGroupChangePolicy")),
            new Mistake("not-root", "capabilities", "StatefulSet", remove(NODE + "/securityContext/capabilities")),
            new Mistake(
                    "not-root", "setuid", "StatefulSet", remove(NODE + "/securityContext/allowPrivilegeEscalation")),
            new Mistake("not-root", "no seccomp", "StatefulSet", remove(POD + "/securityContext/seccompProfile")),
            new Mistake("nothing-of-the-host", "network", "StatefulSet", set(POD + "/hostNetwork", true)),
            new Mistake("nothing-of-the-host", "port", "StatefulSet", set(NODE + "/ports/0/hostPort", 3001)),
            new Mistake(
                    "read-only-root",
                    "writable",
                    "StatefulSet",
                    set(NODE + "/securityContext/readOnlyRootFilesystem", false)),
            new Mistake("no-token", "pod", "StatefulSet", remove(POD + "/automountServiceAccountToken")),
            new Mistake("no-token", "another account", "StatefulSet", set(POD + "/serviceAccountName", "default")),
            new Mistake("grace", "too short", "StatefulSet", set(POD + "/terminationGracePeriodSeconds", 30)),
            new Mistake("grace", "longer drain", "ConfigMap", set("/data/PARLEY_SHUTDOWN_GRACE", "60s")),
            new Mistake("settings-exist", "misspelt", "ConfigMap", set("/data/PARLEY_TRUST_MOD", "ca")),
            new Mistake("references-resolve", "order", "StatefulSet", ManifestsTest::podNameLast),
            new Mistake(
                    "references-resolve",
                    "no ConfigMap",
                    "StatefulSet",
                    set(NODE + "/envFrom/0/configMapRef/name", "x")),
            new Mistake("spread", "none", "StatefulSet", remove(POD + "/topologySpreadConstraints")),
            new Mistake(
                    "spread",
                    "twice",
                    "StatefulSet",
                    set(POD + "/topologySpreadConstraints/1/topologyKey", "kubernetes.io/hostname")),
            new Mistake("volumes", "not there", "StatefulSet", set(NODE + "/volumeMounts/0/name", "x")),
            new Mistake("volumes", "never changes", "StatefulSet", set(NODE + "/volumeMounts/0/subPath", "ca.crt")),
            new Mistake("volumes", "no ConfigMap", "StatefulSet", remove(POD + "/volumes/0/configMap/optional")),
            certified("own-key", "all keys", "StatefulSet", remove(NODE + "/volumeMounts/0/subPathExpr")),
            certified("own-key", "none for one", "StatefulSet", remove(POD + "/volumes/0/projected/sources/2")),
            certified("own-key", "for everybody", "StatefulSet", remove(POD + "/volumes/0/projected/defaultMode")),
            certified("own-key", "not taken", "StatefulSet", set(NODE + "/volumeMounts/0/mountPath", "/etc/x")),
            certified("own-key", "one more pod", "StatefulSet", set("/spec/replicas", 4)),
            certified("certified", "one more pod", "StatefulSet", set("/spec/replicas", 4)),
            certified("certified", "another Secret", "Certificate", set("/spec/secretName", "x")),
            certified("certified", "another name", "Certificate", set("/spec/dnsNames/0", "parley-0")),
            certified("certified", "another key", "Certificate", set("/spec/privateKey/algorithm", "ECDSA")),
            certified("certified", "new keys", "Certificate", remove("/spec/privateKey/rotationPolicy")),
            certified("certified", "one side", "Certificate", remove("/spec/usages/3")),
            new Mistake("disruption", "two", "PodDisruptionBudget", set("/spec/maxUnavailable", 2)),
            new Mistake("network", "one direction", "NetworkPolicy", remove("/spec/policyTypes/1")),
            new Mistake("network", "from anywhere", "NetworkPolicy", remove("/spec/ingress/0/from")),
            new Mistake("network", "no names", "NetworkPolicy", remove("/spec/egress/1")),
            new Mistake(
                    "network",
                    "names of ourselves",
                    "NetworkPolicy",
                    set("/spec/egress/1/to/0/podSelector/matchLabels/app.kubernetes.io~1name", "parley")),
            new Mistake("network", "not to each other", "NetworkPolicy", remove("/spec/egress/0")),
            new Mistake("image", "latest", "StatefulSet", set(NODE + "/image", "registry.example/parley:latest")),
            new Mistake("image", "no tag", "StatefulSet", set(NODE + "/image", "registry.example:5000/parley")),
            new Mistake(
                    "alerts",
                    "no such metric",
                    "PrometheusRule",
                    set("/spec/groups/0/rules/0/expr", "sum by (pod) (rate(parley_tamperings_total[5m])) > 0")),
            new Mistake(
                    "alerts",
                    "no such event",
                    "PrometheusRule",
                    set("/spec/groups/0/rules/0/expr", "parley_events_total{event=~\"TAMPERING|TAMPERED\"} > 0")),
            new Mistake("alerts", "silent", "PrometheusRule", remove("/spec/groups/0/rules/0/annotations")),
            new Mistake("alerts", "left out", "PrometheusRule", remove("/spec/groups/0/rules/0")));

    @TestFactory
    Stream<DynamicTest> overlaysKeepTheRules() {
        return Overlays.NAMES.stream()
                .map(overlay -> DynamicTest.dynamicTest(overlay, () -> {
                    Manifests manifests = Manifests.parse(Overlays.render(overlay));
                    assertThat(manifests.objects()).hasSizeGreaterThan(6);
                    assertThat(Rules.broken(manifests, Overlays.documented())).isEmpty();
                }));
    }

    @TestFactory
    Stream<DynamicTest> rulesNotice() throws Exception {
        Map<String, String> yaml = new HashMap<>();
        for (String overlay : Overlays.NAMES) {
            yaml.put(overlay, Overlays.render(overlay));
        }
        Documented documented = Overlays.documented();
        return MISTAKES.stream()
                .map(mistake -> DynamicTest.dynamicTest(mistake.rule() + ": " + mistake.what(), () -> {
                    Manifests broken = with(mistake, Manifests.documents(yaml.get(mistake.overlay())));
                    assertThat(Rules.broken(broken, documented)).containsKey(mistake.rule());
                }));
    }

    @Test
    void everyRuleHasBeenSeenToNotice() {
        Set<String> tried = new HashSet<>();
        MISTAKES.forEach(mistake -> tried.add(mistake.rule()));
        assertThat(tried).isEqualTo(Rules.names());
    }

    @Test
    void productionIsWatched() throws Exception {
        assertThat(Manifests.parse(Overlays.render("production")).all(PrometheusRule.class))
                .hasSize(1);
    }

    @Test
    void unknownFieldsDoNotPass() throws Exception {
        List<JsonNode> documents = Manifests.documents(Overlays.render("production"));
        Mistake misspelt = new Mistake("", "", "StatefulSet", set(NODE + "/livenesProbe", "x"));
        assertThatThrownBy(() -> with(misspelt, documents))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("apps/v1/StatefulSet parley")
                .hasMessageContaining("livenesProbe");
    }

    @Test
    void wrongTypesDoNotPass() throws Exception {
        List<JsonNode> documents = Manifests.documents(Overlays.render("production"));
        Mistake word = new Mistake("", "", "StatefulSet", set("/spec/replicas", "three"));
        assertThatThrownBy(() -> with(word, documents))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("three");
    }

    @Test
    void unknownKindsAndFieldsThatAreThereTwiceDoNotPass() {
        assertThatThrownBy(() -> Manifests.parse("apiVersion: apps/v1\nkind: Statefulset\nmetadata:\n  name: x\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("apps/v1/Statefulset");
        assertThatThrownBy(() -> Manifests.parse("apiVersion: v1\nkind: Service\nkind: Service\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("kind");
        assertThatThrownBy(() -> Manifests.parse("apiVersion: v1\nkind: [\n")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> new Manifests(List.of()).only(StatefulSet.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("StatefulSet");
    }

    private static Mistake certified(String rule, String what, String kind, Consumer<ObjectNode> make) {
        return new Mistake("cert-manager", rule, what, kind, make);
    }

    private static Manifests with(Mistake mistake, List<JsonNode> documents) throws IOException {
        List<io.fabric8.kubernetes.api.model.HasMetadata> objects = new ArrayList<>();
        boolean made = false;
        for (JsonNode document : documents) {
            ObjectNode object = document.deepCopy();
            if (!made && object.path("kind").asText().equals(mistake.kind())) {
                mistake.make().accept(object);
                assertThat(object).as("the mistake changes something").isNotEqualTo(document);
                made = true;
            }
            objects.add(Manifests.typed(object));
        }
        assertThat(made).as("there is a " + mistake.kind()).isTrue();
        return new Manifests(objects);
    }

    private static Consumer<ObjectNode> set(String path, Object value) {
        return object -> {
            int slash = path.lastIndexOf('/');
            String name = path.substring(slash + 1).replace("~1", "/");
            JsonNode node = switch (value) {
                case Integer number -> object.numberNode(number);
                case Boolean flag -> object.booleanNode(flag);
                default -> object.textNode(value.toString());
            };
            if (object.at(path.substring(0, slash)) instanceof ArrayNode array) {
                array.set(Integer.parseInt(name), node);
            } else {
                ((ObjectNode) object.at(path.substring(0, slash))).set(name, node);
            }
        };
    }

    private static Consumer<ObjectNode> remove(String path) {
        return object -> {
            int slash = path.lastIndexOf('/');
            JsonNode parent = object.at(path.substring(0, slash));
            String name = path.substring(slash + 1);
            if (parent instanceof ArrayNode array) {
                array.remove(Integer.parseInt(name));
            } else {
                ((ObjectNode) parent).remove(name);
            }
        };
    }

    private static void podNameLast(ObjectNode object) {
        ArrayNode environment = (ArrayNode) object.at(NODE + "/env");
        for (int i = 0; i < environment.size(); i++) {
            if (environment.get(i).path("name").asText().equals("POD_NAME")) {
                environment.add(environment.remove(i));
                return;
            }
        }
    }
}
