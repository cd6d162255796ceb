package dev.parley.node.transfer;

import java.io.IOException;
import java.io.OutputStream;

/** The content of a file that has come. */
public final class Content {
    private final Spool spool;
    private final Transfer transfer;

    Content(Spool spool, Transfer transfer) {
        this.spool = spool;
        this.transfer = transfer;
    }

    public Transfer transfer() {
        return transfer;
    }

    /** Writes all of it, as fast as it is taken. Blocks. */
    public void writeTo(OutputStream out) throws IOException {
        try (SpoolReader reader = spool.read(transfer.key(), transfer.size())) {
            for (long at = 0; at < transfer.size(); ) {
                byte[] chunk = reader.read(at, Spool.CHUNK);
                out.write(chunk);
                at += chunk.length;
            }
        }
    }
}
