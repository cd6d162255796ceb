package dev.parley.node.audit;

import dev.parley.evidence.LineHead;
import dev.parley.node.config.Tables;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AuditTableTest {
    private static final Instant WHEN = Instant.parse("2026-01-02T12:00:00.123456Z");
    private static final byte[] SHA_256 = LineHead.sha256().digest();
    private static final UUID ID = UUID.fromString("01941f29-7c00-7aaa-8bbb-0123456789ab");

    @Test
    void theTableIsWhatTheCodeSays() throws Exception {
        var text = new StringBuilder("""
                # The events of net.log

                Generated from `AuditEvent`. Each line of `net.log` is one JSON object: `time` (UTC), `seq` (counts from 1 over
                all files), `level` (INFO; WARN: something failed or was turned away; ALARM: look), `event`, then the event's own
                fields. A field without a value is left out. Fields that begin with `claimed` are what a peer says of itself, unproved.
                `peer` is a PeerId, `session` and `message` are ids, `connection` counts from 1, `after` is in milliseconds,
                `prev` is the SHA-256 of the line before, in base64url: see [Seals](#seals). `size` in bytes, `ciphertext` the whole frame in base64, `epoch` and `n` place a record in its direction.
                There is never a key, a plaintext or a passphrase in a line.

                """);
        for (var group : AuditEvent.class.getPermittedSubclasses()) {
            text.append("## ")
                    .append(group.getSimpleName().replace("Event", ""))
                    .append("\n\n| event | level | meaning | fields |\n| --- | --- | --- | --- |\n");
            var examples = new ArrayList<String>();
            for (var type : group.getPermittedSubclasses()) {
                var event = type.asSubclass(AuditEvent.class);
                var audited = event.getAnnotation(Audited.class);
                text.append("| `%s` | %s | %s | %s |\n"
                        .formatted(
                                AuditEvent.EventName.of(event),
                                audited.level(),
                                Tables.cell(audited.value()),
                                LineFormer.fields(event).stream()
                                        .map(field -> "`" + field.name() + "`")
                                        .collect(Collectors.joining(", "))));
                var former = new LineFormer();
                former.form(42, WHEN, SHA_256, example(event));
                examples.add(former.text());
            }
            text.append("\n```json\n").append(String.join("\n", examples)).append("\n```\n\n");
        }
        text.append(written("using-it.md"));
        Tables.check("AUDIT.md", text.toString().stripTrailing() + "\n");
    }

    /** What no code says. */
    private static String written(String name) throws IOException {
        try (InputStream in = AuditTableTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static AuditEvent example(Class<? extends AuditEvent> type) throws ReflectiveOperationException {
        var components = type.getRecordComponents();
        var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new);
        var values = Arrays.stream(components).map(AuditTableTest::sample).toArray();
        var constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return constructor.newInstance(values);
    }

    private static Object sample(RecordComponent component) {
        var type = component.getType();
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        return switch (type.getName()) {
            case "int" -> 7;
            case "boolean" -> true;
            case "long" -> 42L;
            case "[B" -> new byte[] {0x10, 0, 0, 0x11};
            case "java.util.UUID" -> ID;
            case "java.time.Instant" -> WHEN;
            case "java.time.Duration" -> Duration.ofMillis(1500);
            case "java.util.List" -> List.of("A256GCM", "A256CBC-HS512");
            case "java.nio.file.Path" -> Path.of("/var/lib/parley");
            case "dev.parley.node.audit.Claim" -> new Claim("Bob");
            case "java.lang.String" -> text(component.getName());
            default -> throw new IllegalStateException("no example for " + component);
        };
    }

    private static String text(String name) {
        return switch (name) {
            case "peer", "otherPeer" -> "mi5ickiixy56334aiembfgiyx4ojc7nh5sepi3wxo63aitrxurgq";
            case "alias", "previousAlias" -> "bob";
            case "source" -> "192.0.2.7";
            case "remote", "local", "address", "listen" -> "192.0.2.7:3001";
            default -> "...";
        };
    }
}
