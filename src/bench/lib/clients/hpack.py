"""As much of HPACK (RFC 7541) as a client of the standard library needs: blocks of literals, and the status of an answer."""

LITERAL = b"\0"  # without indexing, with a new name (section 6.2.2)
SHORT = 127  # the first length that does not fit into seven bits
INDEXED = 0x88, (200, 204, 206, 304, 400, 404, 500)  # the first of these in the static table (appendix A), as an indexed field
DIGITS_OF_FIVE_BITS = ("00000", "00001", "00010")  # 0, 1 and 2 in the Huffman code (appendix B); 3 to 9 have six bits, from 011001


def block(*fields):
    """A header block of literals, names and values as they are, well-formed or not."""
    return b"".join(LITERAL + text(name) + text(value) for name, value in fields)


def text(value):
    """A string without the Huffman code (section 5.2)."""
    value = value.encode("latin-1") if isinstance(value, str) else value
    return integer(len(value)) + value


def integer(value):
    """A number with a prefix of seven bits (section 5.1)."""
    if value < SHORT:
        return bytes([value])
    coded, value = bytearray([SHORT]), value - SHORT
    while value >= 128:
        coded.append(value % 128 + 128)
        value //= 128
    return bytes(coded) + bytes([value])


def status(block):
    """The :status that an answer's block begins with; 0 when it is indexed as in an answer before."""
    block = without_table_sizes(block)
    first, statuses = INDEXED
    if block[0] & 0x80:
        return statuses[block[0] - first] if first <= block[0] < first + len(statuses) else 0
    value = block[2:2 + (block[1] & 0x7F)]
    return int(digits(value) if block[1] & 0x80 else value)


def without_table_sizes(block):
    """The block behind changes of the dynamic table's size (section 6.3), of one byte, or more that end with one below 128."""
    while block[0] & 0xE0 == 0x20:
        more = block[0] & 0x1F == 0x1F
        block = block[1:]
        while more:
            more = block[0] & 0x80
            block = block[1:]
    return block


def digits(value):
    """Three digits in the Huffman code."""
    bits, found = "".join(f"{byte:08b}" for byte in value), ""
    while len(found) < 3:
        if bits[:5] in DIGITS_OF_FIVE_BITS:
            found, bits = found + str(int(bits[:5], 2)), bits[5:]
        else:
            found, bits = found + str(int(bits[:6], 2) - 0b011001 + 3), bits[6:]
    return found
