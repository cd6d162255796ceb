package dev.parley.lab.sim;

import dev.parley.protocol.Channel;
import dev.parley.protocol.ChannelEvent;
import dev.parley.protocol.ChannelSettings;
import dev.parley.protocol.crypto.Identity;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Somebody that no node knows: with a key of its own, or with bytes alone. Whatever it does, it never has a session. */
final class Stranger implements Endpoint {
    private enum Way {
        /** A proper handshake with a key that is not trusted. */
        KEY,
        NOISE,
        /** What somebody else once wrote to this node. */
        REPLAY,
        /** A byte now and then. */
        DRIP,
        SILENCE
    }

    private static final long DRIP = 700 * Clockwork.MILLI;

    private final World world;
    private final Wire.End end;
    private final SplittableRandom random;
    private final Way way;
    private final byte[] recorded;
    private Channel channel;
    private boolean gone;

    /** @param recorded what an initiator wrote before; may be empty */
    Stranger(World world, Wire.End end, SplittableRandom random, byte[] recorded) {
        this.world = world;
        this.end = end;
        this.random = random;
        this.way = Way.values()[random.nextInt(Way.values().length)];
        this.recorded = recorded;
    }

    void start() {
        world.trace(() -> "a stranger connects: " + way);
        end.own(this);
        switch (way) {
            case KEY -> {
                Identity identity = Identity.of(Keys.stranger(), "stranger", "", List.of());
                channel = Channel.initiate(
                        ChannelSettings.defaults(Keys.stranger(), identity, new SeededRandom(random)),
                        Optional.empty(),
                        now());
                settle();
            }
            case NOISE -> {
                byte[] noise = new byte[1 + random.nextInt(3_000)];
                random.nextBytes(noise);
                end.write(noise);
            }
            case REPLAY -> end.write(recorded);
            case DRIP -> drip();
            case SILENCE -> {}
        }
    }

    @Override
    public void bytes(byte[] in) {
        if (channel != null) {
            channel.receive(ByteBuffer.wrap(in), now());
            settle();
        }
    }

    @Override
    public void inputEnded() {
        gone = true;
        end.close();
    }

    @Override
    public void lost() {
        gone = true;
    }

    @Override
    public void drained() {
        // What it has to say fits.
    }

    private void drip() {
        if (!gone) {
            end.write(new byte[] {(byte) random.nextInt(20)});
            world.clock().after(DRIP, this::drip);
        }
    }

    private void settle() {
        boolean busy = true;
        while (busy) {
            byte[] out = channel.transmit(1 << 16, now());
            end.write(out);
            ChannelEvent event = channel.poll();
            busy = out.length > 0 || event != null;
            switch (event) {
                case ChannelEvent.TaskReady ready -> {
                    ready.task().run();
                    channel.complete(ready.task(), now());
                }
                case ChannelEvent.ResponderNamed named -> channel.proceed(now());
                case ChannelEvent.Up up -> throw new Violation("a stranger has a session");
                case ChannelEvent.Ended ended -> {
                    gone = true;
                    end.close();
                }
                case null, default -> {}
            }
        }
    }

    private long now() {
        return world.clock().now() / Clockwork.MILLI;
    }
}
