package dev.parley.client.attack;

import dev.parley.client.command.ExitCode;
import dev.parley.client.command.Failure;
import dev.parley.lab.foe.Honest;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.Stand;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One node that somebody else operates and has agreed to have attacked. The honest peer here is a stranger that shakes hands in good
 * order: the node has to prove who it is to it, whether it lets it in or not.
 */
final class ForeignStand implements Stand, AutoCloseable {
    private final ForeignNode target;
    private final Honest honest;
    private final Path directory;

    private ForeignStand(ForeignNode target, Honest honest, Path directory) {
        this.target = target;
        this.honest = honest;
        this.directory = directory;
    }

    /**
     * Learns who answers at the address, and whether that node has agreed.
     *
     * @param log the node's net.log, if its operator gives it
     */
    static ForeignStand at(InetSocketAddress address, String token, Optional<Path> log, Instant now)
            throws IOException {
        Honest honest = new Honest();
        Honest.Met met = honest.greet(address);
        try {
            met.hasAgreed(token, now);
        } catch (IllegalArgumentException no) {
            throw refused(no.getMessage());
        }
        return new ForeignStand(
                new ForeignNode(address, met, log), honest, Files.createTempDirectory("parley-lab-foreign-"));
    }

    private static Failure refused(String why) {
        return new Failure(
                ExitCode.REFUSED,
                "attack-not-allowed",
                why,
                "have the node's operator run `parley attack allow --for 10m`, and give the token with --token");
    }

    @Override
    public LiveNode alice() {
        throw new UnsupportedOperationException("this attack needs a second node");
    }

    @Override
    public LiveNode bob() {
        return target;
    }

    @Override
    public List<LiveNode> nodes() {
        return List.of(target);
    }

    @Override
    public LiveNode node(String name) {
        if (!name.equals(ForeignNode.NAME)) {
            throw new IllegalArgumentException("the stand has no node " + name);
        }
        return target;
    }

    @Override
    public LiveNode add(String name, Map<String, String> settings) {
        throw new UnsupportedOperationException("this attack needs nodes of its own");
    }

    @Override
    public String meet(InetSocketAddress through) throws IOException {
        if (!honest.greet(through).peerId().equals(target.peerId())) {
            throw new IOException("somebody else answers at " + through);
        }
        return "";
    }

    @Override
    public String dial(InetSocketAddress through) throws IOException {
        meet(through);
        return "up";
    }

    @Override
    public String deliver(LiveNode from, LiveNode to, String text) {
        throw new UnsupportedOperationException("this attack needs a peer that the node trusts");
    }

    @Override
    public List<String> received(LiveNode at, LiveNode from) {
        throw new UnsupportedOperationException("this attack needs to see what the node has received");
    }

    @Override
    public void restore() {
        // Nothing was changed that could be changed back.
    }

    @Override
    public void exchange() throws IOException {
        meet(target.address());
    }

    @Override
    public Path directory() {
        return directory;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(directory);
    }
}
