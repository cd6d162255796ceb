package dev.parley.admin;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What one check has found.
 *
 * @param check its name, kebab-case; one check may find several things
 * @param level how bad it is
 * @param subject what it is about: a PeerId, an address, a path, the key of a setting; absent where it is the node
 * @param text one line, what it is
 * @param advice one line, what to do; absent where there is nothing to do
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Finding(String check, FindingLevel level, String subject, String text, String advice) {
    public static Finding ok(String check, String text) {
        return new Finding(check, FindingLevel.OK, null, text, null);
    }

    public static Finding unknown(String check, String text) {
        return new Finding(check, FindingLevel.UNKNOWN, null, text, null);
    }

    public static Finding warning(String check, String subject, String text, String advice) {
        return new Finding(check, FindingLevel.WARNING, subject, text, advice);
    }

    public static Finding problem(String check, String subject, String text, String advice) {
        return new Finding(check, FindingLevel.PROBLEM, subject, text, advice);
    }
}
