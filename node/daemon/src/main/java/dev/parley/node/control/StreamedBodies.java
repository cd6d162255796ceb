package dev.parley.node.control;

import dev.parley.admin.AdminApi;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

/** The requests whose body goes to the disk as it comes, so that the bound of what is kept in memory is not for them. */
final class StreamedBodies {
    private static final Set<String> PATHS = Set.of(AdminApi.BASE + "/files", AdminApi.BASE + "/store/restore");

    private StreamedBodies() {}

    static boolean hasOne(HttpServerRequest request) {
        return request.method() == HttpMethod.POST && PATHS.contains(request.path());
    }

    /** Leaves what was not read: the stream below reads to the end of the request when it is closed, however far that is. */
    static final class Undrained extends FilterInputStream {
        private boolean ended;

        Undrained(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            ended |= read < 0;
            return read;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            ended |= read < 0;
            return read;
        }

        @Override
        public void close() throws IOException {
            if (ended) {
                super.close();
            }
        }
    }
}
