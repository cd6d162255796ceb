package dev.parley.node;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.parley.node.fixture.audit.LooksUp;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
    /** Imports go only from a later one to an earlier one. */
    private static final List<String> ORDER = List.of(
            "config",
            "audit",
            "trace",
            "store",
            "trust",
            "session",
            "net",
            "message",
            "transfer",
            "witness",
            "bridge",
            "control",
            "boot");

    private static final JavaClasses NODE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.parley");

    private static final JavaClasses FIXTURE = new ClassFileImporter().importClasses(LooksUp.class);

    @TestFactory
    Stream<DynamicTest> importsGoDownOnly() {
        return IntStream.range(0, ORDER.size() - 1)
                .mapToObj(i -> DynamicTest.dynamicTest(
                        ORDER.get(i), () -> looksDownOnly("dev.parley.node.", i).check(NODE)));
    }

    @Test
    void onlyTheStartPrints() {
        printsNothing("dev.parley.node.boot..").check(NODE);
    }

    @Test
    void theDaemonKnowsNeitherClientNorLab() {
        knowsNoStrangers("dev.parley.node..").check(NODE);
    }

    @Test
    void everyRuleFailsWhereItIsBroken() {
        int audit = ORDER.indexOf("audit");
        assertThatThrownBy(
                        () -> looksDownOnly("dev.parley.node.fixture.", audit).check(FIXTURE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("trust");
        assertThatThrownBy(() -> printsNothing("dev.parley.node.boot..").check(FIXTURE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("System.out");
        assertThatThrownBy(() -> knowsNoStrangers("dev.parley.node..").check(FIXTURE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("lab");
    }

    private static ArchRule looksDownOnly(String root, int place) {
        var later = ORDER.subList(place + 1, ORDER.size()).stream()
                .map(name -> "dev.parley.node." + name + "..")
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(root + ORDER.get(place) + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(later)
                .allowEmptyShould(true)
                .because(
                        "imports go from a later package to an earlier one, so that each can be read and tested alone");
    }

    private static ArchRule printsNothing(String except) {
        return noClasses()
                .that()
                .resideInAPackage("dev.parley.node..")
                .and()
                .resideOutsideOfPackage(except)
                .should()
                .accessFieldWhere(JavaFieldAccess.Predicates.target(
                        com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner(
                                com.tngtech.archunit.core.domain.JavaClass.Predicates.type(System.class))))
                .because("what the node has to say goes through the log; the terminal belongs to the start");
    }

    private static ArchRule knowsNoStrangers(String root) {
        return noClasses()
                .that()
                .resideInAPackage(root)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.parley.client..", "dev.parley.lab..", "dev.parley.bench..")
                .because("the client speaks to the node over its socket, and attack code is never shipped with it");
    }
}
