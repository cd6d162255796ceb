package dev.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.Record;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ChannelTest {
    static Stream<Arguments> suites() {
        return Vectors.cryptos().stream()
                .flatMap(crypto -> Stream.of(Suite.values()).map(suite -> Arguments.of(suite, crypto)));
    }

    @ParameterizedTest
    @MethodSource("suites")
    void twoChannelsTalkAndClose(Suite suite, Crypto crypto) {
        Link link = Link.up(suite, crypto);
        assertThat(link.initiator.channel.peer().orElseThrow().peerId()).isEqualTo(Link.BOB.peerId());
        assertThat(link.responder.channel.peer().orElseThrow().peerId()).isEqualTo(Link.ALICE.peerId());
        assertThat(link.initiator.channel.sessionId()).isEqualTo(link.responder.channel.sessionId());
        assertThat(link.initiator.channel.suite()).contains(suite);

        assertThat(link.initiator.channel.send(message("to bob"), link.now)).isTrue();
        assertThat(link.responder.channel.send(message("to alice"), link.now)).isTrue();
        link.flow();
        assertThat(texts(link.responder)).containsExactly("to bob");
        assertThat(texts(link.initiator)).containsExactly("to alice");
        ChannelEvent.Sent sent = link.initiator.all(ChannelEvent.Sent.class).getFirst();
        ChannelEvent.Received received =
                link.responder.all(ChannelEvent.Received.class).getFirst();
        assertThat(sent.frame()).isEqualTo(received.frame());
        assertThat(sent.n()).isEqualTo(received.n());

        link.initiator.channel.close(Failure.NORMAL, "bye", link.now);
        link.flow();
        assertThat(link.initiator.ending().how()).isEqualTo(Ending.How.CLOSED);
        assertThat(link.responder.ending().how()).isEqualTo(Ending.How.CLOSED_BY_PEER);
        assertThat(link.responder.ending().reason()).isEqualTo("bye");
        assertThat(link.initiator.channel.send(message("late"), link.now)).isFalse();
    }

    static Record.Message message(String text) {
        return new Record.Message(
                uuidV7(), 0, Record.Scope.DIRECT, "", "text/plain", text.getBytes(StandardCharsets.UTF_8));
    }

    static UUID uuidV7() {
        UUID random = UUID.randomUUID();
        return new UUID(random.getMostSignificantBits() & ~0xf000L | 0x7000L, random.getLeastSignificantBits());
    }

    static java.util.List<String> texts(Host host) {
        return host.received().stream()
                .map(record -> new String(((Record.Message) record).payload(), StandardCharsets.UTF_8))
                .toList();
    }
}
