package dev.parley.lab.sim;

import dev.parley.protocol.Channel;
import dev.parley.protocol.ChannelEvent;
import dev.parley.protocol.Ending;
import dev.parley.protocol.Task;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.Record;
import dev.parley.protocol.wire.Role;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/** One connection at a node: does with a {@link Channel} and a socket what the node's own host does. */
final class Conn implements Endpoint {
    private final World world;
    private final SimNode node;
    private final Channel channel;
    private final Wire.End socket;
    /** Whom it dials; -1 where it was accepted. */
    private final int dialed;

    private final Seen seen;
    /** Who the peer is, once that is proved; -1 before. */
    private int peer = -1;

    private boolean up;
    private boolean closing;
    private boolean pumping;
    private boolean outputShut;
    private boolean hadOutput;
    private boolean ended;
    private boolean dead;
    private long timerAt = Long.MAX_VALUE;

    Conn(World world, SimNode node, Channel channel, Wire.End socket, int dialed) {
        this.world = world;
        this.node = node;
        this.channel = channel;
        this.socket = socket;
        this.dialed = dialed;
        this.seen = new Seen(world.oracle(), this);
    }

    void start() {
        socket.own(this);
        pump();
    }

    Channel channel() {
        return channel;
    }

    SimNode node() {
        return node;
    }

    int dialed() {
        return dialed;
    }

    int peer() {
        return peer;
    }

    Wire wire() {
        return socket.wire();
    }

    boolean initiatedHere() {
        return channel.role() == Role.INITIATOR;
    }

    boolean isUp() {
        return up && !closing && !ended;
    }

    /** Says whether it may carry messages: up, and not closed by this side. */
    boolean usable() {
        return up && !closing;
    }

    /** The node's process is gone; nothing of this runs any more. */
    void die(boolean told) {
        dead = true;
        channel.close();
        socket.die(told);
    }

    @Override
    public void bytes(byte[] in) {
        call(() -> {
            channel.receive(ByteBuffer.wrap(in), node.now());
            return null;
        });
        pump();
    }

    @Override
    public void inputEnded() {
        if (!gone()) {
            call(() -> {
                channel.endOfInput(node.now());
                return null;
            });
            pump();
        }
    }

    @Override
    public void lost() {
        inputEnded();
        if (!gone()) {
            channel.abort(node.now());
            pump();
        }
    }

    @Override
    public void drained() {
        pump();
    }

    boolean send(Record.Message message) {
        return usable() && offer(message);
    }

    /** An acknowledgement leaves even while this side closes. */
    void acknowledge(Record.Ack ack) {
        if (up && !gone()) {
            offer(ack);
            soon();
        }
    }

    void ping() {
        if (!gone()) {
            channel.ping(node.now());
            soon();
        }
    }

    void close(Failure failure) {
        if (!gone()) {
            closing = true;
            channel.close(failure, "", node.now());
            soon();
        }
    }

    @Override
    public String toString() {
        return "n" + node.index() + "/c" + socket.wire().number() + (initiatedHere() ? "i" : "r");
    }

    /** What one turn has to send leaves together at its end. */
    void soon() {
        world.clock().after(0, this::pump);
    }

    private boolean gone() {
        return ended || dead;
    }

    private boolean offer(Record record) {
        return call(() -> channel.send(record, node.now()));
    }

    private <T> T call(Supplier<T> what) {
        T result = world.guard(this, what);
        seen.positions(channel);
        return result;
    }

    private void pump() {
        if (pumping || gone()) {
            return;
        }
        pumping = true;
        try {
            do {
                handEventsOn();
            } while (!gone() && write());
        } finally {
            pumping = false;
        }
        if (!gone()) {
            steer();
            arm();
        }
    }

    private void handEventsOn() {
        for (ChannelEvent event = channel.poll(); event != null && !gone(); event = channel.poll()) {
            handle(event);
        }
    }

    private void handle(ChannelEvent event) {
        switch (event) {
            case ChannelEvent.TaskReady(Task task) -> work(task);
            case ChannelEvent.ShutdownOutput ignored -> outputShut = true;
            case ChannelEvent.Ended(Ending ending) -> finish(ending);
            case ChannelEvent.ResponderNamed named -> node.named(this, named.claimed());
            case ChannelEvent.InitiatorProved proved -> {
                seen.authenticated(proved.sessionId(), proved.suite());
                node.proved(this, proved.peer());
            }
            case ChannelEvent.Authenticated proof -> seen.authenticated(proof.sessionId(), proof.suite());
            case ChannelEvent.Up session -> {
                peer = node.rankOf(session.peer().peerId());
                up = true;
                world.oracle().up(this);
                node.peer(peer).opened(this);
            }
            case ChannelEvent.Heard ignored -> {
                if (up) {
                    node.peer(peer).heard(this);
                }
            }
            case ChannelEvent.Received received -> {
                seen.opened(received.epoch(), received.n(), received.frame());
                if (up) {
                    node.peer(peer).received(this, received.record());
                }
            }
            case ChannelEvent.Sent sent -> seen.sealed(sent.epoch(), sent.n(), sent.frame());
            case ChannelEvent.Ratcheted ratcheted -> {
                world.oracle().ratcheted();
                seen.ratcheted(ratcheted.epoch());
            }
            case ChannelEvent.UnknownKind unknown ->
                throw new Violation(this + " opened a record of kind " + unknown.kind() + " that nobody sends");
        }
    }

    /** Expensive work: runs at the beginning or the end of the time that it takes, during which anything may happen. */
    private void work(Task task) {
        if (task.kind().forStranger() && node.busy()) {
            world.trace(() -> this + " refuses " + task.kind());
            channel.refuse(task, node.now());
            return;
        }
        boolean early = world.random().nextBoolean();
        if (early) {
            task.run();
        }
        world.clock().after(world.random().nextLong(node.traits().workMost()), () -> {
            if (!gone()) {
                if (!early) {
                    task.run();
                }
                call(() -> {
                    channel.complete(task, node.now());
                    return null;
                });
                pump();
            }
        });
    }

    private boolean write() {
        boolean wrote = false;
        while (!dead && channel.hasOutput() && socket.writable()) {
            writeOnce();
            wrote = true;
        }
        hadOutput |= wrote;
        if (hadOutput && !channel.hasOutput()) {
            hadOutput = false;
            if (up) {
                node.peer(peer).writable(this);
            }
        }
        if (outputShut && !channel.hasOutput()) {
            outputShut = false;
            socket.shutdownOutput();
        }
        return wrote;
    }

    private void writeOnce() {
        byte[] frames = call(() -> channel.transmit(world.scenario().net().writeBudget(), node.now()));
        seen.written(frames);
        socket.write(frames);
    }

    private void steer() {
        if (channel.wantsInput()) {
            socket.resume();
        } else {
            socket.pause();
        }
    }

    private void arm() {
        long deadline = channel.deadline();
        if (deadline >= timerAt || world.has(Defect.NO_TIMERS)) {
            return;
        }
        timerAt = deadline;
        world.clock().at(node.worldTime(deadline), () -> {
            if (!gone() && timerAt == deadline) {
                timerAt = Long.MAX_VALUE;
                call(() -> {
                    channel.tick(node.now());
                    return null;
                });
                pump();
            }
        });
    }

    private void finish(Ending ending) {
        ended = true;
        while (channel.hasOutput()) {
            writeOnce();
        }
        socket.close();
        world.trace(() -> this + " ended: " + ending.how() + " " + ending.failure() + ", " + ending.detail());
        world.oracle().ended(this, ending);
        node.gone(this);
        if (up) {
            node.peer(peer).ended(this);
        }
        if (dialed >= 0) {
            node.peer(dialed).dialOver(this, up, ending);
        }
        channel.close();
    }
}
