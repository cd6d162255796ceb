package dev.parley.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * An attack that does not beat the weak control proves nothing, one that beats the full control asks too little of it, and a defence
 * that stops no attack is not needed, or not tried.
 */
class MatrixTest {
    private static final int THREADS = 16;
    private static Matrix matrix;

    @BeforeAll
    static void tryAll() throws InterruptedException {
        matrix = Matrix.of(Catalogue.all(), THREADS, Journal.NONE);
    }

    @Test
    void theLabIsSound() {
        assertThat(matrix.errors()).isEmpty();
    }

    @Test
    void everyDefenceIsTried() {
        assertThat(matrix.defences()).containsExactly(Defence.values());
    }

    @Test
    void aDefenceThatADossierNamesFirstStopsItsAttackOrAnother() {
        for (Attack each : matrix.attacks()) {
            Defence decisive = each.dossier().defences().getFirst();
            assertThat(matrix.stoppedBy(decisive)).as(each.dossier().name()).isNotEmpty();
        }
    }

    @Test
    void namesAreUnique() {
        List<String> names =
                Catalogue.all().stream().map(each -> each.dossier().name()).toList();
        assertThat(names).doesNotHaveDuplicates();
    }
}
