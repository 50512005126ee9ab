package dev.relais;

/**
 * Parses numbers that are written with the digits 0 to 9; a digit of another script is none. Leading zeros are allowed, a sign is
 * not part of a number.
 */
public final class Digits {
    private Digits() {}

    /**
     * The digits of a part of a text, read as one number, whatever else stands there: of {@code Rss:    12 kB} it is 12.
     *
     * @return 0 when there are none
     */
    public static long among(String text, int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            number = digit < 0 || digit > 9 ? number : number * 10 + digit;
        }
        return number;
    }

    /** Where the digits end that a text begins with; 0 when it begins with none. */
    public static int end(String text) {
        int end = 0;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }

    /** @return the number; -1 when the text is empty, has another character than a digit, or is more than {@code most} */
    public static long parse(String text, long most) {
        long number = capped(text, most);
        return number > most ? -1 : number;
    }

    /**
     * @param most below {@link Long#MAX_VALUE}
     * @return the number, or {@code most + 1} for any larger one; -1 when the text is empty or has another character than a
     *     digit
     */
    public static long capped(String text, long most) {
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number > (most - digit) / 10 ? most + 1 : number * 10 + digit;
        }
        return text.isEmpty() ? -1 : Math.min(number, most + 1);
    }
}
