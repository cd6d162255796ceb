package dev.parley.deploy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What has to be true of a fleet's manifests beyond their types: each rule for a mistake that a cluster accepts and that costs its
 * operator later. A rule says what is wrong; none says nothing.
 */
final class Rules {
    /** Adds what is wrong. */
    private interface Rule {
        void check(Fleet fleet, List<String> wrong);
    }

    private static final Map<String, Rule> RULES = new LinkedHashMap<>();

    static {
        RULES.put("one-namespace", PlacementRules::oneNamespace);
        RULES.put("identity-stays", PlacementRules::identityStays);
        RULES.put("found-by-name", WiringRules::foundByName);
        RULES.put("selectors-match", WiringRules::selectorsMatch);
        RULES.put("ports-match", WiringRules::portsMatch);
        RULES.put("probes", PodRules::probes);
        RULES.put("limits", PodRules::limits);
        RULES.put("not-root", PodRules::notRoot);
        RULES.put("nothing-of-the-host", PodRules::nothingOfTheHost);
        RULES.put("read-only-root", PodRules::readOnlyRoot);
        RULES.put("no-token", PodRules::noToken);
        RULES.put("grace", PodRules::grace);
        RULES.put("settings-exist", WiringRules::settingsExist);
        RULES.put("references-resolve", WiringRules::referencesResolve);
        RULES.put("spread", PlacementRules::spread);
        RULES.put("volumes", PlacementRules::volumes);
        RULES.put("own-key", CertificateRules::ownKey);
        RULES.put("certified", CertificateRules::certified);
        RULES.put("disruption", PlacementRules::disruption);
        RULES.put("network", WiringRules::network);
        RULES.put("image", PodRules::image);
        RULES.put("alerts", (fleet, wrong) -> wrong.addAll(Alerts.check(fleet.manifests(), fleet.documented())));
    }

    private Rules() {}

    static Set<String> names() {
        return RULES.keySet();
    }

    /** What is wrong, by the rule that says so; rules that hold are not in it. */
    static Map<String, List<String>> broken(Manifests manifests, Documented documented) {
        Map<String, List<String>> broken = new LinkedHashMap<>();
        Fleet fleet = new Fleet(manifests, documented);
        RULES.forEach((name, rule) -> {
            List<String> wrong = new ArrayList<>();
            rule.check(fleet, wrong);
            if (!wrong.isEmpty()) {
                broken.put(name, wrong);
            }
        });
        return broken;
    }
}
