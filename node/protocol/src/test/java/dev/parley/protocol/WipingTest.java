package dev.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.Secret;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Failure;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every secret that a channel holds, at whatever moment it ends, is wiped. */
class WipingTest {
    private static final int UP = 6;

    @ParameterizedTest
    @EnumSource(Suite.class)
    void everyEndingWipes(Suite suite) throws IllegalAccessException {
        List<Consumer<Channel>> endings = List.of(
                Channel::close,
                channel -> channel.abort(0),
                channel -> {
                    channel.close(Failure.NORMAL, "", 0);
                    channel.transmit(1 << 20, 0);
                    channel.tick(1 << 20);
                },
                channel -> channel.endOfInput(0),
                channel -> {
                    channel.tick(1 << 20);
                    channel.transmit(1 << 20, 0);
                    channel.tick(1 << 21);
                });
        int seen = 0;
        for (Consumer<Channel> ending : endings) {
            for (int carried = 0; carried <= UP; carried++) {
                for (boolean initiator : new boolean[] {true, false}) {
                    Link link = new Link(Link.alice(suite, Crypto.best()), Link.bob(suite, Crypto.best()));
                    link.flowUntil(carried);
                    Channel channel = (initiator ? link.initiator : link.responder).channel;
                    List<Secret> secrets = live(channel);
                    seen += secrets.size();
                    ending.accept(channel);
                    assertThat(channel.phase()).isEqualTo(Channel.Phase.ENDED);
                    assertThat(secrets).as("carried " + carried).allMatch(Secret::wiped);
                    assertThat(live(channel)).isEmpty();
                }
            }
        }
        assertThat(seen).isGreaterThan(100);
    }

    @ParameterizedTest
    @EnumSource(Suite.class)
    void anUnfinishedTaskOfAnEndedChannelWipesWhatItHolds(Suite suite) throws IllegalAccessException {
        for (int carried = 0; carried <= 3; carried++) {
            for (boolean runsLater : new boolean[] {true, false}) {
                Link link = new Link(Link.alice(suite, Crypto.best()), Link.bob(suite, Crypto.best()));
                link.flowUntil(carried);
                Host host = carried % 2 == 0 ? link.responder : link.initiator;
                host.runTasks = false;
                link.flowUntil(carried + 1);
                Task task = host.all(ChannelEvent.TaskReady.class).getLast().task();
                List<Secret> secrets = live(task);
                host.channel.close();
                if (runsLater) {
                    task.run();
                }
                assertThat(secrets).allMatch(Secret::wiped);
                assertThat(live(task)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Suite.class)
    void aTaskThatFailsWipesWhatItWorkedOn(Suite suite) throws IllegalAccessException {
        for (int carried = 1; carried <= 3; carried++) {
            int message = carried;
            Link link = new Link(Link.alice(suite, Crypto.best()), Link.bob(suite, Crypto.best()));
            link.tamper = (index, bytes) -> {
                // The last byte is under the last seal of the message, which only the task opens.
                bytes[bytes.length - 1] ^= index == message ? (byte) 1 : 0;
                return bytes;
            };
            link.flowUntil(carried);
            Host host = carried % 2 == 0 ? link.responder : link.initiator;
            host.runTasks = false;
            link.flowUntil(carried + 1);
            Task task = host.all(ChannelEvent.TaskReady.class).getLast().task();
            List<Secret> secrets = live(task);
            assertThat(secrets).isNotEmpty();
            task.run();
            host.channel.complete(task, 0);
            assertThat(host.channel.phase()).isEqualTo(Channel.Phase.CLOSING);
            assertThat(secrets).allMatch(Secret::wiped);
            assertThat(live(task)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Suite.class)
    void theRatchetAndTheHandshakeLeaveNothingBehind(Suite suite) throws IllegalAccessException {
        Link link = new Link(Link.alice(suite, Crypto.best()), Link.bob(suite, Crypto.best()));
        Set<Secret> ever = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int carried = 0; carried <= UP; carried++) {
            link.flowUntil(carried);
            ever.addAll(live(link.initiator.channel));
        }
        link.now = 150_000;
        link.initiator.channel.send(ChannelTest.message("m"), link.now);
        link.flow();
        assertThat(link.initiator.channel.sendEpoch()).isEqualTo(1);
        List<Secret> now = live(link.initiator.channel);
        // What is not in use any more is wiped: all of the handshake's and of epoch 0.
        assertThat(ever.stream().filter(secret -> !now.contains(secret)))
                .isNotEmpty()
                .allMatch(Secret::wiped);
        assertThat(ever).noneMatch(now::contains);
    }

    /** Walks our own objects, and the collections in them, from one on. */
    private static List<Secret> live(Object root) throws IllegalAccessException {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Secret> found = new ArrayList<>();
        walk(root, seen, found);
        return found;
    }

    private static void walk(Object object, Set<Object> seen, List<Secret> found) throws IllegalAccessException {
        if (object == null || object instanceof Enum || !seen.add(object)) {
            return;
        }
        if (object instanceof Secret secret) {
            if (!secret.wiped()) {
                found.add(secret);
            }
        } else if (object instanceof Collection<?> elements) {
            for (Object element : elements) {
                walk(element, seen, found);
            }
        } else if (object.getClass().getName().startsWith("dev.parley.")) {
            for (Class<?> type = object.getClass();
                    type.getName().startsWith("dev.parley.");
                    type = type.getSuperclass()) {
                for (Field field : type.getDeclaredFields()) {
                    boolean skipped = Modifier.isStatic(field.getModifiers())
                            || field.getType().isPrimitive()
                            || field.isSynthetic() && !field.getType().getName().startsWith("dev.parley.");
                    if (!skipped) {
                        field.setAccessible(true);
                        walk(field.get(object), seen, found);
                    }
                }
            }
        }
    }
}
