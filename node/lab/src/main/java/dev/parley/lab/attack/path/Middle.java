package dev.parley.lab.attack.path;

import dev.parley.lab.Journal;
import dev.parley.lab.control.Control;
import dev.parley.lab.control.Established;
import dev.parley.lab.control.Handshake;
import dev.parley.lab.control.Keys;
import dev.parley.lab.control.Line;
import dev.parley.lab.control.RecordKeys;
import dev.parley.lab.wire.Frame;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The man in the middle of the control: answers alice as somebody, and passes on what she writes as somebody to somebody else. */
final class Middle implements Closeable {
    private static final int TEXT_AT = 1 + Long.BYTES;

    private final ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    private final Control control;
    private final Keys towardsAlice;
    private final Optional<Keys> towardsBob;
    private final Journal journal;
    private final List<String> read = new CopyOnWriteArrayList<>();
    private final List<Line> lines = new CopyOnWriteArrayList<>();

    /** @param towardsBob whom it passes for there; empty if it keeps what it reads to itself */
    Middle(Control control, Keys towardsAlice, Optional<Keys> towardsBob, Journal journal) throws IOException {
        this.control = control;
        this.towardsAlice = towardsAlice;
        this.towardsBob = towardsBob;
        this.journal = journal;
        Thread.ofVirtual().name("the man in the middle").start(this::run);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
    }

    /** The texts of alice's that it could read. */
    List<String> read() {
        return List.copyOf(read);
    }

    private void run() {
        try (Line alice = Line.of(server.accept())) {
            lines.add(alice);
            Established here = Handshake.respond(alice, towardsAlice, control.without());
            journal.attacker("has a session with alice, who takes it for " + towardsAlice.shown());
            if (towardsBob.isEmpty()) {
                pass(alice, here, null, null);
                return;
            }
            try (Line bob = Line.to(control.bob().address())) {
                lines.add(bob);
                Established there = Handshake.initiate(bob, towardsBob.get(), control.without(), claimed -> {});
                journal.attacker("has a session with bob, who takes it for "
                        + towardsBob.get().shown());
                pass(alice, here, bob, there);
            }
        } catch (IOException | RecordKeys.Unopened | GeneralSecurityException e) {
            journal.attacker("gets no further: " + e.getMessage());
        }
    }

    private void pass(Line alice, Established here, Line bob, Established there)
            throws IOException, RecordKeys.Unopened, GeneralSecurityException {
        var opening = new RecordKeys(here.in(), here.suite(), here.nIn(), control.without());
        var sealing =
                there == null ? null : new RecordKeys(there.out(), there.suite(), there.nOut(), control.without());
        while (true) {
            byte[] plaintext = opening.open(alice.read().body());
            String text = new String(
                    plaintext,
                    Math.min(TEXT_AT, plaintext.length),
                    Math.max(0, plaintext.length - TEXT_AT),
                    StandardCharsets.UTF_8);
            journal.attacker("reads \"" + text + "\"");
            read.add(text);
            if (sealing != null) {
                byte[] changed = plaintext.clone();
                byte[] wanted = text.replace(BitFlip.SENT, BitFlip.WANTED).getBytes(StandardCharsets.UTF_8);
                System.arraycopy(wanted, 0, changed, TEXT_AT, wanted.length);
                bob.write(Frame.of(Frame.RECORD, sealing.seal(changed)));
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        lines.forEach(Line::close);
    }
}
