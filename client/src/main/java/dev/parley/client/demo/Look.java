package dev.parley.client.demo;

/**
 * How the demo may write.
 *
 * @param colour whether escape sequences are understood and wanted
 */
record Look(boolean colour) {
    String green(String text) {
        return paint("32", text);
    }

    String red(String text) {
        return paint("31", text);
    }

    String bold(String text) {
        return paint("1", text);
    }

    String dim(String text) {
        return paint("2", text);
    }

    private String paint(String code, String text) {
        return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
