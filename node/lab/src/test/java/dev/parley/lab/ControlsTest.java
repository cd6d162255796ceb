package dev.parley.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.lab.Trial.Outcome;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An attack that does not beat the weak control proves nothing, and one that beats the full control asks too little of it. */
class ControlsTest {
    static List<String> names() {
        return Catalogue.all().stream().map(each -> each.dossier().name()).toList();
    }

    @ParameterizedTest
    @MethodSource("names")
    void beatsTheControlThatLacksTheDefence(String name) throws Exception {
        Attack attack = Catalogue.find(name).orElseThrow();
        Trial trial = attack.againstControl(attack.dossier().controlLacks(), Journal.NONE);
        assertThat(trial.outcome()).as(trial.saw()).isEqualTo(Outcome.SUCCEEDED);
    }

    @ParameterizedTest
    @MethodSource("names")
    void doesNotBeatTheFullControl(String name) throws Exception {
        Trial trial = Catalogue.find(name).orElseThrow().againstControl(Set.of(), Journal.NONE);
        assertThat(trial.outcome()).as(trial.saw()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void namesAreUnique() {
        assertThat(names()).doesNotHaveDuplicates();
    }
}
