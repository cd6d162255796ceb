package dev.parley.client.text;

/** The few colours (ECMA-48 SGR); all of them plain when {@code on} is false. */
public record Style(boolean on) {
    public String bold(String text) {
        return sgr("1", text);
    }

    public String dim(String text) {
        return sgr("2", text);
    }

    public String red(String text) {
        return sgr("31", text);
    }

    public String yellow(String text) {
        return sgr("33", text);
    }

    public String green(String text) {
        return sgr("32", text);
    }

    private String sgr(String code, String text) {
        return on ? "\033[" + code + "m" + text + "\033[0m" : text;
    }
}
