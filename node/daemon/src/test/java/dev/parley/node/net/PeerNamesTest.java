package dev.parley.node.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.node.testing.TestDns;
import dev.parley.node.testing.TestDns.Mood;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PeerNamesTest {
    private static Vertx vertx;

    private TestDns dns;
    private DnsQuestions questions;
    private PeerNames names;

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @BeforeEach
    void start() throws Exception {
        dns = new TestDns();
        questions = new DnsQuestions(vertx);
        names = names("peers", List.of(dns.address()));
    }

    @AfterEach
    void stop() {
        questions.close();
        dns.close();
    }

    @Test
    void aServiceHasItsOwnPortsAndComesBeforeAddresses() {
        dns.addresses("peers.test", "10.9.9.9");
        dns.services("_psp._tcp.peers.test", "one.peers.test:4001", "two.peers.test:4002", "gone.peers.test:4003");
        dns.addresses("one.peers.test", "10.0.0.1", "fd00::1");
        dns.addresses("two.peers.test", "10.0.0.2");
        assertThat(found()).containsExactly("10.0.0.1:4001", "10.0.0.2:4002", "[fd00:0:0:0:0:0:0:1]:4001");
    }

    @Test
    void withoutAServiceAddressesHaveTheConfiguredPortAndAChangeIsSeenAtOnce() {
        dns.addresses("peers.test", "10.0.0.2", "10.0.0.10", "10.0.0.2");
        assertThat(found()).containsExactly("10.0.0.2:3001", "10.0.0.10:3001");
        // Its time to live was an hour.
        dns.addresses("peers.test", "10.0.0.3");
        assertThat(found()).containsExactly("10.0.0.3:3001");
        dns.addresses("peers.test");
        assertThat(found()).isEmpty();
    }

    @Test
    void aNameThatDoesNotExistHasNobodyAndTheNextCompletionIsTried() {
        assertThat(found()).isEmpty();
        dns.addresses("peers", "10.0.0.7");
        assertThat(found()).containsExactly("10.0.0.7:3001");
    }

    @Tag("long")
    @Test
    void whoDoesNotAnswerTakesNothingAwayAndTheNextServerIsAsked() throws Exception {
        dns.addresses("peers.test", "10.0.0.1");
        assertThat(found()).hasSize(1);
        for (Mood mood : List.of(Mood.SILENT, Mood.FAILS, Mood.GARBAGE)) {
            dns.behave(mood);
            PeerNames.Found nothing = ask(names);
            assertThat(nothing.known()).as("%s", mood).isFalse();
            assertThat(nothing.problem()).as("%s", mood).contains(dns.server());
        }
        try (TestDns second = new TestDns()) {
            second.addresses("peers.test", "10.0.0.5");
            PeerNames both = names("peers", List.of(dns.address(), second.address()));
            assertThat(ask(both).addresses()).extracting(PeerAddress::toString).containsExactly("10.0.0.5:3001");
        }
    }

    @Test
    void aCompletionThatNobodySpeaksOfDoesNotHideTheNextButOneThatCountedIsWaitedFor() {
        dns.fail("peers.test");
        dns.addresses("peers", "10.0.0.7");
        assertThat(found()).containsExactly("10.0.0.7:3001");
        dns.addresses("peers.test", "10.0.0.1");
        assertThat(found()).containsExactly("10.0.0.1:3001");
        dns.fail("peers.test");
        assertThat(ask(names).known()).isFalse();
    }

    @Test
    void whatIsWrongInAnAnswerIsPassedOver() {
        dns.raw(
                "_psp._tcp.peers.test",
                TestDns.SRV,
                new byte[0],
                new byte[6],
                new byte[] {0, 0, 0, 0, 1, 1, 63, 1},
                new byte[] {0, 0, 0, 0, 1, 1, (byte) 0xc0, (byte) 0xff});
        dns.raw("peers.test", TestDns.A, new byte[0], new byte[3], new byte[5], new byte[] {10, 0, 0, 4}, new byte[4]);
        dns.raw("peers.test", TestDns.AAAA, new byte[4], new byte[200]);
        // 0.0.0.0 is nobody's, like a multicast address.
        assertThat(found()).containsExactly("10.0.0.4:3001");
        dns.addresses("peers.test", "224.0.0.1", "ff02::1", "169.254.169.254", "10.0.0.4");
        assertThat(found()).containsExactly("10.0.0.4:3001");
    }

    @Test
    void ofMoreThanAThousandAddressesTheFirstAreTaken() {
        dns.addresses(
                "peers.test",
                IntStream.range(0, 3_000)
                        .mapToObj(i -> "10.1." + (i >> 8) + "." + (i & 255))
                        .toArray(String[]::new));
        PeerNames.Found found = ask(names);
        assertThat(found.known()).isTrue();
        assertThat(found.cut()).isTrue();
        assertThat(found.addresses()).hasSize(PeerNames.MOST);
        assertThat(found.addresses().iterator().next()).hasToString("10.1.0.0:3001");
    }

    @Test
    void labelsThatNobodyCanAskForAreAProblemNotADefect() {
        assertThat(ask(names("a".repeat(64), List.of(dns.address()))).known()).isFalse();
    }

    private PeerNames names(String name, List<InetSocketAddress> servers) {
        return new PeerNames(questions, () -> new ResolvConf(servers, List.of("test"), 1), name, 3001);
    }

    private List<String> found() {
        PeerNames.Found found = ask(names);
        assertThat(found.known()).as(found.problem()).isTrue();
        return found.addresses().stream().map(PeerAddress::toString).toList();
    }

    private static PeerNames.Found ask(PeerNames of) {
        return of.find().orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Test
    void addressesAreOrderedAsNumbers() {
        assertThat(new PeerAddress(InetAddress.ofLiteral("10.0.0.200"), 1))
                .isGreaterThan(new PeerAddress(InetAddress.ofLiteral("10.0.0.3"), 2))
                .isLessThan(new PeerAddress(InetAddress.ofLiteral("::1"), 1));
    }
}
