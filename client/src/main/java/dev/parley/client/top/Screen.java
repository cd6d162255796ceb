package dev.parley.client.top;

import java.io.IOException;
import java.util.List;

/** What a person looks at, and types at. */
interface Screen {
    /** Takes notice of another size. */
    void measure();

    int columns();

    int rows();

    /** Shows these lines in place of those before. */
    void draw(List<String> lines);

    /** Waits so long for a key. @return null if none came that means something; QUIT at the end of the input */
    Choice.Key key(long millis) throws IOException;
}
