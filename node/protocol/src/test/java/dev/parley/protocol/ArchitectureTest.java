package dev.parley.protocol;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.parley.protocol.handshake.BreaksCrypto;
import dev.parley.protocol.wire.BreaksLayers;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The borders of the module; each rule is also seen failing, on a class that breaks it. */
class ArchitectureTest {
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.parley.protocol");

    private static final ArchRule DEPENDENCIES = classes()
            .that()
            .resideInAPackage("dev.parley.protocol..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.parley.protocol..",
                    "java.lang..",
                    "java.io..",
                    "java.math..",
                    "java.nio",
                    "java.nio.charset..",
                    "java.security..",
                    "java.util..",
                    "javax.crypto..",
                    "org.bouncycastle..")
            .because("the protocol is the JDK and BouncyCastle, so that it runs in a simulator as in the daemon");

    private static final ArchRule NO_OUTSIDE_WORLD = noClasses()
            .that()
            .resideInAPackage("dev.parley.protocol..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.net..", "java.nio.channels..", "java.util.logging..")
                    .or(type(Thread.class))
                    .or(type(Instant.class))
                    .or(type(Clock.class)))
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .because("bytes, time and threads are the host's: what reads a clock or a socket cannot be replayed");

    private static final ArchRule ONE_USER_OF_JCA = noClasses()
            .that()
            .resideOutsideOfPackage("dev.parley.protocol.crypto..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("javax.crypto..", "org.bouncycastle..")
                    .or(resideInAPackage("java.security..")
                            .and(not(type(SecureRandom.class)))
                            .and(not(resideInAPackage("java.security.interfaces..")))))
            .because("every call of a cryptographic engine is to be found in one package");

    private static final ArchRule LAYERS = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("wire")
            .definedBy("dev.parley.protocol.wire..")
            .layer("crypto")
            .definedBy("dev.parley.protocol.crypto..")
            .layer("handshake")
            .definedBy("dev.parley.protocol.handshake..")
            .layer("record")
            .definedBy("dev.parley.protocol.record..")
            .layer("channel")
            .definedBy("dev.parley.protocol")
            .whereLayer("channel")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("record")
            .mayOnlyBeAccessedByLayers("channel")
            .whereLayer("handshake")
            .mayOnlyBeAccessedByLayers("record", "channel")
            .whereLayer("crypto")
            .mayOnlyBeAccessedByLayers("handshake", "record", "channel")
            .because("imports go one way: wire, crypto, handshake, record, channel");

    static Stream<Arguments> rules() {
        return Stream.of(
                Arguments.of(DEPENDENCIES, BreaksDependencies.class),
                Arguments.of(NO_OUTSIDE_WORLD, BreaksIsolation.class),
                Arguments.of(NO_OUTSIDE_WORLD, BreaksTime.class),
                Arguments.of(ONE_USER_OF_JCA, BreaksCrypto.class),
                Arguments.of(LAYERS, BreaksLayers.class));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theModuleKeepsItsBorders(ArchRule rule, Class<?> breaker) {
        assertThat(MAIN).hasSizeGreaterThan(50);
        rule.check(MAIN);
        JavaClasses withBreaker = new ClassFileImporter().importClasses(breaker, Channel.class, ChannelSettings.class);
        assertThatThrownBy(() -> rule.check(withBreaker))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(breaker.getSimpleName());
    }

    /** Depends on a library that is not the protocol's. */
    static final class BreaksDependencies {
        java.util.function.Supplier<Object> mapper() {
            return com.fasterxml.jackson.databind.ObjectMapper::new;
        }
    }

    /** Opens a connection of its own. */
    static final class BreaksIsolation {
        java.net.Socket socket() {
            return new java.net.Socket();
        }
    }

    /** Reads a clock. */
    static final class BreaksTime {
        long now() {
            return System.nanoTime();
        }
    }
}
