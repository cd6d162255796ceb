package dev.parley.client.chat;

import java.io.IOException;
import java.util.function.BooleanSupplier;

/** Where a person types lines while others appear. */
interface Screen extends AutoCloseable {
    /** What a read returns that was not ended by the person; compare by identity. */
    String WOKEN = new String("woken");

    /** Shows one or more lines; never in the middle of what is being typed. Any thread. */
    void show(String text);

    /**
     * Waits for a line.
     *
     * @return null when there are no more, or the person wants out
     */
    String read(String prompt) throws IOException;

    /** As {@link #read(String)}, but returns {@link #WOKEN} if {@code enough} holds, now or at a {@link #wake}. */
    String read(String prompt, BooleanSupplier enough) throws IOException;

    /** Ends a {@link #read(String, BooleanSupplier)} that is under way, if there is one. Any thread. */
    void wake();

    @Override
    void close();
}
