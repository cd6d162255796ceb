package dev.parley.client.demo;

import dev.parley.client.attack.Lab;
import dev.parley.client.text.Plain;
import dev.parley.lab.Result;
import dev.parley.lab.Verdict;
import java.util.List;

/** The end of the demo: some attacks of the lab, on two nodes of its own. */
final class Attacks {
    /** One on a record, one on an identity, one on what was recorded. */
    private static final List<String> SHOWN = List.of("bit-flip", "mitm-changed-key", "stolen-key-recording");

    private final List<String> nodeCommand;
    private final Steps steps;

    Attacks(List<String> nodeCommand, Steps steps) {
        this.nodeCommand = nodeCommand;
        this.steps = steps;
    }

    void run() throws Steps.Failed {
        steps.heading("Attacks: each first has to beat a peer that is weak on purpose");
        Lab[] lab = new Lab[1];
        try {
            steps.step("two more nodes are up, to be attacked", facts -> lab[0] = Lab.open(nodeCommand));
            for (String each : SHOWN) {
                steps.step(each + " is blocked", facts -> show(lab[0].judge(each), facts));
            }
        } finally {
            if (lab[0] != null) {
                lab[0].close();
            }
        }
    }

    private static void show(Result result, Steps.Facts facts) throws Steps.Failed {
        if (result.verdict() != Verdict.BLOCKED) {
            throw new Steps.Failed(result.verdict() + ": " + Plain.line(result.reason()));
        }
        facts.add("what: " + result.dossier().title());
        facts.add("the weak peer: " + Plain.line(result.control().orElseThrow().saw()));
        facts.add("parley: " + Plain.line(result.parley().orElseThrow().saw()));
        facts.add("stopped by: " + result.dossier().defences().getFirst().means());
        facts.add("net.log tells of it: " + result.lines().size()
                + (result.lines().size() == 1 ? " line" : " lines"));
    }
}
