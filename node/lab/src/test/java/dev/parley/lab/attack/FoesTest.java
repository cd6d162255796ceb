package dev.parley.lab.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.parley.lab.Attack;
import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Journal;
import dev.parley.lab.Position;
import dev.parley.lab.Trial;
import dev.parley.lab.Trial.Outcome;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each attack beats the control that it is made for, and not the same control with its defences on. */
@Timeout(60)
class FoesTest {
    static List<Attack> attacks() {
        return Foes.all();
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void succeedsAgainstItsControl(Attack attack) throws Exception {
        Trial trial = against(attack, attack.dossier().controlLacks());
        assertThat(trial.outcome()).as(trial.saw()).isEqualTo(Outcome.SUCCEEDED);
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void failsAgainstTheControlWithAllItsDefences(Attack attack) throws Exception {
        Trial trial = against(attack, Set.of());
        assertThat(trial.outcome()).as(trial.saw()).isEqualTo(Outcome.FAILED);
    }

    /** What a control lacks is what makes the difference, and nothing else. */
    @ParameterizedTest
    @MethodSource("attacks")
    void failsAgainstAControlThatLacksSomethingElse(Attack attack) throws Exception {
        Defence other = Stream.of(Defence.EXPLICIT_CLOSE, Defence.DURABLE_OUTBOX)
                .filter(each -> !attack.dossier().controlLacks().contains(each))
                .findFirst()
                .orElseThrow();
        Trial trial = against(attack, Set.of(other));
        assertThat(trial.outcome()).as(trial.saw()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void dossiersCanBeToldApart() {
        assertThat(attacks()).extracting(each -> each.dossier().name()).doesNotHaveDuplicates();
        assertThat(attacks()).extracting(each -> each.dossier().number()).doesNotHaveDuplicates();
    }

    @Test
    void everyAttackerButTheOneOnThePathIsThere() {
        assertThat(attacks().stream()
                        .map(Attack::dossier)
                        .map(Dossier::position)
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(Position.STRANGER, Position.THIEF, Position.PEER, Position.ON_MACHINE);
    }

    private static Trial against(Attack attack, Set<Defence> without) throws Exception {
        Trial trial = attack.againstControl(without, Journal.NONE);
        // Who is not root cannot be another user, and the attack says so.
        assumeFalse(
                attack.dossier().name().equals("admin-stranger")
                        && trial.outcome() == Outcome.UNCLEAR
                        && !"root".equals(System.getProperty("user.name")),
                trial.saw());
        return trial;
    }
}
