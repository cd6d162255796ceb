package dev.parley.lab.attack.path;

import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Journal;
import dev.parley.lab.Position;
import dev.parley.lab.Trial;
import dev.parley.lab.control.Control;
import dev.parley.lab.control.Keys;
import dev.parley.lab.control.Line;
import dev.parley.lab.control.OwnKeys;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.Stand;
import dev.parley.lab.wire.Frame;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.handshake.AwaitHello;
import dev.parley.protocol.handshake.AwaitIdentify;
import dev.parley.protocol.handshake.AwaitReady;
import dev.parley.protocol.handshake.HandshakeException;
import dev.parley.protocol.handshake.Local;
import dev.parley.protocol.handshake.Sent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** 8: shows the public key of the one that is expected, and hopes that nobody asks for more. */
final class MitmClaimedKey extends PathAttack {
    private static final int PATIENCE_MILLIS = 10_000;

    MitmClaimedKey() {
        super(new Dossier(
                8,
                "mitm-claimed-key",
                "shows each side the other's public key, which everybody can have",
                Position.ON_PATH,
                "The path, and both public keys; no private one.",
                List.of(
                        "Answer alice with an ephemeral secret of the attacker's own, and bob's public key.",
                        "Dial bob with alice's public key.",
                        "Finish both handshakes by guessing what only the private keys would give."),
                "A public key is no secret. Only what can be done with the private one alone proves who is there.",
                List.of(
                        "Needham, Schroeder, CACM 1978; Lowe, TACAS 1996",
                        "CVE-2014-1266 (goto fail: an unchecked proof of possession)"),
                "keys that are shown and not proved",
                Set.of(Defence.AUTHENTICATION),
                List.of(Defence.AUTHENTICATION, Defence.IMPLICIT_REJECTION),
                "bob: READY does not open, no answer; alice: REJECT 3, CONFIRM does not open",
                Set.of("HANDSHAKE_FAILED"),
                "path-mitm",
                Duration.ofSeconds(60)));
    }

    @Override
    Trial attack(Control control, Journal journal) throws Exception {
        OwnKeys mallory = OwnKeys.of("mallory");
        Keys asBob = Keys.pretending(control.bob().shown(), mallory);
        Keys asAlice = Keys.pretending(control.alice().shown(), mallory);
        return MitmChangedKey.between(control, asBob, asAlice, journal);
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        IdentityKey own = IdentityKey.generate(2048, new SecureRandom());
        Local asBob = impostor(own, stand.bob());
        Local asAlice = impostor(own, stand.alice());
        try (ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            var towardsAlice = new FutureTask<>(() -> answer(server, asBob, journal));
            Thread.ofVirtual().start(towardsAlice);
            var here = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
            String problem = stand.dial(here);
            boolean aliceFinished = towardsAlice.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            String local = dialed(stand.bob().address(), asAlice, journal);
            if (problem.equals("up") || aliceFinished || local == null) {
                return Trial.succeeded("a handshake was finished without a private key");
            }
            return Trial.failed(
                    "alice's dial ended with " + problem + ", and bob did not take mallory for alice",
                    new Trial.Evidence(
                            "alice",
                            "HANDSHAKE_FAILED",
                            fields -> String.valueOf(fields.get("remote")).endsWith(":" + here.getPort())
                                    && "3".equals(String.valueOf(fields.get("code")))),
                    Trial.line("bob", "HANDSHAKE_FAILED", "remote", local));
        }
    }

    private static Local impostor(IdentityKey own, LiveNode shown) throws IOException {
        Identity claimed = Speaker.claim(shown.publicKey(), shown.name());
        return Speaker.local(own, claimed, List.of(Suite.values()));
    }

    /** Answers a dial with somebody else's identity. @return whether the dialer has sent a record, and so was content */
    private static boolean answer(ServerSocket server, Local local, Journal journal) throws IOException {
        try (Line line = Line.of(server.accept())) {
            line.socket().setSoTimeout(PATIENCE_MILLIS);
            AwaitHello.HelloReceived hello = new AwaitHello(local)
                    .hello(Speaker.awaited(line, Frame.HELLO).body());
            Sent<AwaitIdentify> accept = hello.accept();
            line.write(new Frame(accept.frame()));
            journal.attacker("shows alice bob's public key");
            Frame identify = Speaker.awaited(line, Frame.IDENTIFY);
            Frame confirm;
            try {
                Sent<AwaitReady> sent = accept.next().identify(identify.body()).confirm();
                confirm = new Frame(sent.frame());
            } catch (HandshakeException e) {
                // The wrapped secret stays closed. All that is left is to make CONFIRM up.
                journal.attacker("cannot open what alice has wrapped for bob: " + e.getMessage());
                byte[] guess = new byte[2 + 400 + 20];
                new SecureRandom().nextBytes(guess);
                guess[0] = 400 >> 8;
                guess[1] = (byte) 400;
                confirm = Frame.of(Frame.CONFIRM, guess);
            }
            line.write(confirm);
            return line.read().is(Frame.RECORD);
        } catch (IOException | HandshakeException e) {
            journal.attacker("alice goes no further: " + e.getMessage());
            return false;
        }
    }

    /** @return the address that bob saw; null if he was content */
    private static String dialed(InetSocketAddress bob, Local asAlice, Journal journal) throws IOException {
        try (Line line = Line.to(bob)) {
            line.socket().setSoTimeout(PATIENCE_MILLIS);
            String local = "127.0.0.1:" + line.socket().getLocalPort();
            try {
                Speaker.shake(line, asAlice);
                return null;
            } catch (IOException | HandshakeException e) {
                journal.attacker("cannot open what bob has wrapped for alice: " + e.getMessage());
            }
            byte[] guess = new byte[40];
            new SecureRandom().nextBytes(guess);
            line.write(Frame.of(Frame.RECORD, guess));
            try {
                return line.read().is(Frame.RECORD) ? null : local;
            } catch (IOException end) {
                return local;
            }
        }
    }
}
