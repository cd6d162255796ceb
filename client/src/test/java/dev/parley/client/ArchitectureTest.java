package dev.parley.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** The borders of the client, each with its reason; and each seen to fail on a class that crosses it. */
class ArchitectureTest {
    private static final JavaClasses CLIENT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.parley.client");

    private static final JavaClasses TRESPASSERS = new ClassFileImporter()
            .importClasses(
                    ChatTrespasser.class, JsonTrespasser.class, EvidenceTrespasser.class, ContainerTrespasser.class);

    private static final ArchRule NOTHING_OF_THE_NODE = classes()
            .that()
            .resideInAPackage("dev.parley.client..")
            .should()
            .onlyDependOnClassesThat()
            .resideOutsideOfPackages("dev.parley.node..", "dev.parley.protocol..")
            .because("the client knows the node by its admin API alone, so that either can change behind it");

    private static final ArchRule LINE_EDITOR_ONLY_IN_CHAT = noClasses()
            .that()
            .resideOutsideOfPackages("dev.parley.client.chat..", "dev.parley.client.top..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.jline..")
            .because("a command that edits no lines must not pay for a line editor when it starts");

    private static final ArchRule JACKSON_ONLY_IN_JSON = noClasses()
            .that()
            .resideOutsideOfPackage("dev.parley.client.json..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml.jackson.core..")
            .because(
                    "one package reads and writes JSON, and databind, which would double a command's start, stays out");

    private static final ArchRule EVIDENCE_ONLY_IN_COMMANDS = noClasses()
            .that()
            .resideOutsideOfPackage("dev.parley.client.command..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.parley.evidence..")
            .because(
                    "a log is verified by commands of its own; what talks to a node does not know how logs are sealed");

    private static final ArchRule CONTAINER_ONLY_AT_THE_DOOR = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.parley.client.App")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.quarkus..", "jakarta..")
            .because("the launcher starts the commands without the container");

    private static final ArchRule TRANSPORT_ALONE = noClasses()
            .that()
            .resideInAnyPackage("dev.parley.client.http..", "dev.parley.client.json..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.parley.admin..", "dev.parley.client.node..", "dev.parley.client.command..", "picocli..")
            .because("bytes and JSON do not know what they are about");

    @Test
    void borders() {
        NOTHING_OF_THE_NODE.check(CLIENT);
        LINE_EDITOR_ONLY_IN_CHAT.check(CLIENT);
        JACKSON_ONLY_IN_JSON.check(CLIENT);
        EVIDENCE_ONLY_IN_COMMANDS.check(CLIENT);
        CONTAINER_ONLY_AT_THE_DOOR.check(CLIENT);
        TRANSPORT_ALONE.check(CLIENT);
        slices().matching("dev.parley.client.(*)..").should().beFreeOfCycles().check(CLIENT);
    }

    @Test
    void theRulesBite() {
        assertThat(LINE_EDITOR_ONLY_IN_CHAT.evaluate(TRESPASSERS).hasViolation())
                .isTrue();
        assertThat(JACKSON_ONLY_IN_JSON.evaluate(TRESPASSERS).hasViolation()).isTrue();
        assertThat(EVIDENCE_ONLY_IN_COMMANDS.evaluate(TRESPASSERS).hasViolation())
                .isTrue();
        assertThat(CONTAINER_ONLY_AT_THE_DOOR.evaluate(TRESPASSERS).hasViolation())
                .isTrue();
    }

    /** Crosses a border. */
    static final class ChatTrespasser {
        org.jline.reader.LineReader reader;
    }

    /** Crosses a border. */
    static final class JsonTrespasser {
        com.fasterxml.jackson.core.JsonFactory factory;
    }

    /** Crosses a border. */
    static final class EvidenceTrespasser {
        dev.parley.evidence.Report report;
    }

    /** Crosses a border. */
    static final class ContainerTrespasser {
        io.quarkus.runtime.QuarkusApplication application;
    }
}
