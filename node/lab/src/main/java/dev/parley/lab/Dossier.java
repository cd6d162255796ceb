package dev.parley.lab;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What an attack is, as data: enough to list it, to explain it, and to judge it.
 *
 * @param number its place in the catalogue, from 1
 * @param name lower case with hyphens, for the command line
 * @param title a few words for people
 * @param position what the attacker is
 * @param has what it has before it begins, a sentence
 * @param steps what it does, in order, a sentence each
 * @param why why it works where it works, a few sentences
 * @param references papers, CVEs, RFCs: "CVE-2023-48795 (Terrapin)"
 * @param control the control that it must beat, a phrase
 * @param controlLacks what that control does without
 * @param defences which lines of defence stop it, the decisive one first
 * @param expectedClose how the node is expected to end it, in words: "CLOSE none, TCP ends" or "no close: nothing was done to it"
 * @param expectedEvents names of events one of which at least must be in the victim's net.log
 * @param threat the id of the row of THREATS.md
 * @param atMost after which it is broken off and proves nothing
 */
public record Dossier(
        int number,
        String name,
        String title,
        Position position,
        String has,
        List<String> steps,
        String why,
        List<String> references,
        String control,
        Set<Defence> controlLacks,
        List<Defence> defences,
        String expectedClose,
        Set<String> expectedEvents,
        String threat,
        Duration atMost) {
    public Dossier {
        steps = List.copyOf(steps);
        references = List.copyOf(references);
        controlLacks = Set.copyOf(controlLacks);
        defences = List.copyOf(defences);
        expectedEvents = Set.copyOf(expectedEvents);
        if (!name.matches("[a-z0-9]+(-[a-z0-9]+)*")
                || steps.isEmpty()
                || defences.isEmpty()
                || controlLacks.isEmpty()
                || expectedEvents.isEmpty()
                || atMost.isNegative()
                || atMost.isZero()) {
            throw new IllegalArgumentException("the dossier of " + name + " is not complete");
        }
    }
}
