package dev.parley.client.chat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/** Lines in and lines out, for pipes: no prompt, no editing. */
final class PlainScreen implements Screen {
    private final BufferedReader in;
    private final PrintStream out;

    PlainScreen(InputStream in, PrintStream out) {
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        this.out = out;
    }

    @Override
    public void show(String text) {
        out.println(text);
    }

    @Override
    public String read(String prompt) throws IOException {
        return in.readLine();
    }

    /** Nobody waits for callers in a pipe. */
    @Override
    public String read(String prompt, BooleanSupplier enough) throws IOException {
        return enough.getAsBoolean() ? WOKEN : in.readLine();
    }

    @Override
    public void wake() {}

    @Override
    public void close() {
        out.flush();
    }
}
