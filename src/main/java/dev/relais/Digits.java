package dev.relais;

/** Numbers that are written with the digits 0 to 9 alone: no sign, no blank, no digit of another script. Leading zeros are taken. */
public final class Digits {
    private Digits() {}

    /** @return the number; -1 when the text is empty, has anything but digits in it, or is more than {@code most} */
    public static long parse(String text, long most) {
        long number = capped(text, most);
        return number > most ? -1 : number;
    }

    /**
     * @param most below {@link Long#MAX_VALUE}
     * @return the number, or {@code most + 1} for any that is larger; -1 when the text is empty or has anything but digits in it
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
