package dev.parley.client.http;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A body that is written while it is sent, of any length.
 *
 * @param mediaType for {@code Content-Type}
 * @param length in bytes; negative when it is not known before the end
 * @param source where it comes from
 */
public record Upload(String mediaType, long length, Source source) {
    /** Writes the body. */
    @FunctionalInterface
    public interface Source {
        /**
         * @param out blocks while the node does not take more; throws when the node has answered already, which the
         *     source lets pass
         */
        void writeTo(OutputStream out) throws IOException;
    }
}
