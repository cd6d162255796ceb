package dev.parley.client.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Types prepared lines; remembers what was shown and asked. At the end of the lines the person wants out. */
final class ScriptedScreen implements Screen {
    private final Deque<String> typed = new ArrayDeque<>();
    private final List<String> shown = new ArrayList<>();

    ScriptedScreen(String... lines) {
        typed.addAll(List.of(lines));
    }

    List<String> shown() {
        synchronized (shown) {
            return List.copyOf(shown);
        }
    }

    @Override
    public void show(String text) {
        synchronized (shown) {
            shown.add(text);
        }
    }

    @Override
    public String read(String prompt) {
        show("? " + prompt.strip());
        return typed.poll();
    }

    @Override
    public synchronized String read(String prompt, BooleanSupplier enough) {
        show("? " + prompt.strip());
        try {
            long deadline = System.nanoTime() + 10_000_000_000L;
            while (!enough.getAsBoolean()) {
                assertThat(System.nanoTime()).as("somebody calls in time").isLessThan(deadline);
                wait(1000);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return WOKEN;
    }

    @Override
    public synchronized void wake() {
        notifyAll();
    }

    @Override
    public void close() {}
}
