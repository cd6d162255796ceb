package dev.parley.client.attack;

import dev.parley.lab.foe.Honest;
import dev.parley.lab.stand.LiveNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** A node that somebody else operates: it can be reached, and that is all; its net.log can be read if its operator gives it. */
final class ForeignNode implements LiveNode {
    static final String NAME = "target";

    private final InetSocketAddress address;
    private final Honest.Met met;
    private final Optional<NetLogReader> log;

    ForeignNode(InetSocketAddress address, Honest.Met met, Optional<Path> log) {
        this.address = address;
        this.met = met;
        this.log = log.map(NetLogReader::new);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String peerId() {
        return met.peerId();
    }

    @Override
    public byte[] publicKey() {
        return met.publicKey();
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public long lastLine() throws IOException {
        List<LogLine> lines = linesAfter(0);
        return lines.isEmpty() ? 0 : lines.getLast().seq();
    }

    @Override
    public List<LogLine> linesAfter(long seq) throws IOException {
        if (log.isEmpty()) {
            return List.of();
        }
        synchronized (this) {
            return log.get().lines().stream().filter(each -> each.seq() > seq).toList();
        }
    }

    @Override
    public Optional<LogLine> awaitLine(long seq, String event, Predicate<Map<String, Object>> fits, Duration timeout)
            throws IOException, InterruptedException {
        return log.isEmpty() ? Optional.empty() : LiveNode.super.awaitLine(seq, event, fits, timeout);
    }

    @Override
    public boolean isRunning() {
        return true;
    }

    @Override
    public Path dataDirectory() {
        throw beyondReach();
    }

    @Override
    public Path adminSocket() {
        throw beyondReach();
    }

    @Override
    public Object call(String method, String path, Object body) {
        throw beyondReach();
    }

    @Override
    public void kill() {
        throw beyondReach();
    }

    @Override
    public void stop() {
        throw beyondReach();
    }

    @Override
    public void start(Map<String, String> settings) {
        throw beyondReach();
    }

    private static UnsupportedOperationException beyondReach() {
        return new UnsupportedOperationException("this attack needs more of a node than its address");
    }
}
