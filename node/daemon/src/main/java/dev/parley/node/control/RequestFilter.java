package dev.parley.node.control;

import dev.parley.admin.ErrorCode;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.ext.Provider;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Asks the table of permissions again, now that it is known which resource the request has reached: so no spelling of a
 * path gets to a resource by another one's line. Bounds a body that did not declare its length and is not streamed.
 */
@Provider
class RequestFilter implements ContainerRequestFilter {
    private final ResourceInfo resource;
    private final RoutingContext routing;

    RequestFilter(ResourceInfo resource, RoutingContext routing) {
        this.resource = resource;
        this.routing = routing;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        Path root = resource.getResourceClass().getAnnotation(Path.class);
        Path method = resource.getResourceMethod().getAnnotation(Path.class);
        AdminGuard.permit(
                routing,
                Permissions.ofResource(request.getMethod(), root.value() + (method == null ? "" : method.value()))
                        .orElseThrow(() -> new ApiException(
                                ErrorCode.PERMISSION_DENIED, "this resource is in no table of permissions")));
        // Only a media type makes a body here.
        if (request.getMediaType() != null) {
            InputStream body = request.getEntityStream();
            request.setEntityStream(
                    StreamedBodies.hasOne(routing.request()) ? new StreamedBodies.Undrained(body) : new Bounded(body));
        }
    }

    private static final class Bounded extends FilterInputStream {
        private long left = AdminGuard.MAX_REQUEST_BYTES;

        Bounded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            count(Math.max(read, 0));
            return read;
        }

        @Override
        public void close() throws IOException {
            // The stream below reads to the end of the request when it is closed, however far that is.
            if (left >= 0) {
                super.close();
            }
        }

        private void count(int read) {
            left -= read;
            if (left < 0) {
                throw Problems.requestTooLarge("it is longer");
            }
        }
    }
}
