<?php

declare(strict_types=1);

namespace Relais\Resident;

use function array_reverse;
use function chr;
use function ord;
use function strlen;
use function strncmp;
use function substr;
use function substr_compare;

/** The connection to the gateway, as bytes. It waits as long as the other side does. */
interface Channel
{
    /** The next bytes, at most 64 KiB; empty at the end. */
    public function read(): string;

    /** Whether all bytes were taken; false when the gateway has closed. */
    public function write(string $bytes): bool;

    /** Whatever is written afterwards is not taken. */
    public function close(): void;
}

/** By the C library: no function of PHP's is in the way that tells the application's error handler of a client that has gone. */
final class NativeChannel implements Channel
{
    private const SIZE = 65536;
    private const CLOSE_ON_EXEC = 0x80000;
    private const NO_SIGNAL = 0x4000;
    private const INTERRUPTED = 4;

    private \FFI\CData $buffer;

    private function __construct(private \FFI $c, private int $fd)
    {
        $this->buffer = $c->new('char[' . self::SIZE . ']');
    }

    public static function connect(\FFI $c, string $path): ?self
    {
        $fd = $c->socket(1, 1 | self::CLOSE_ON_EXEC, 0);
        $address = pack('S', 1) . $path . "\0";
        return $fd >= 0 && $c->connect($fd, $address, strlen($address)) === 0 ? new self($c, $fd) : null;
    }

    public function read(): string
    {
        do {
            $read = $this->c->recv($this->fd, $this->buffer, self::SIZE, 0);
        } while ($read < 0 && $this->c->__errno_location()[0] === self::INTERRUPTED);
        return $read > 0 ? \FFI::string($this->buffer, $read) : '';
    }

    public function write(string $bytes): bool
    {
        for (;;) {
            $sent = $this->c->send($this->fd, $bytes, strlen($bytes), self::NO_SIGNAL);
            if ($sent === strlen($bytes)) {
                return true;
            }
            if ($sent >= 0) {
                $bytes = substr($bytes, $sent);
            } elseif ($this->c->__errno_location()[0] !== self::INTERRUPTED) {
                return false;
            }
        }
    }

    public function close(): void
    {
        $this->c->close($this->fd);
        $this->fd = -1;
    }
}

/** By PHP's streams, where there is no FFI. These two functions do not poll first, as fread and fwrite do. */
final class StreamChannel implements Channel
{
    /** @param resource|null $stream */
    private function __construct(private $stream)
    {
    }

    public static function connect(string $path): ?self
    {
        $stream = @stream_socket_client("unix://$path");
        return $stream === false ? null : new self($stream);
    }

    public function read(): string
    {
        return (string) @stream_socket_recvfrom($this->stream, 65536);
    }

    public function write(string $bytes): bool
    {
        while ($bytes !== '') {
            if ($this->stream === null) {
                return false;
            }
            $sent = @stream_socket_sendto($this->stream, $bytes);
            if ($sent === false || $sent < 0) {
                return false;
            }
            $bytes = substr($bytes, $sent);
        }
        return true;
    }

    public function close(): void
    {
        fclose($this->stream);
        $this->stream = null;
    }
}

/** FastCGI as the application's side speaks it, one request at a time. */
final class Wire
{
    private const BEGIN = 1;
    private const ABORT = 2;
    private const END = 3;
    private const PARAMS = 4;
    private const STDIN = 5;
    private const STDOUT = 6;
    private const STDERR = 7;
    private const MOST = 65528;
    private const KNOWN_FOR = 1000;

    /** FPM counts it among the variables. */
    private const ROLE = ['FCGI_ROLE' => 'RESPONDER'];

    private string $in = '';
    private int $at = 0;
    private string $id = "\0\1";
    private bool $bodyEnded = true;

    /** What variables began with in two requests in a row: most of them are the same for all requests, or all of a client. */
    private string $known = '';

    /** @var array<string, string> of this beginning, as on the wire */
    private array $knownPairs = [];

    /** The last request's variables, for comparison. */
    private string $last = '';
    private int $taken = 0;

    public function __construct(private Channel $channel)
    {
    }

    public function hello(string $line): bool
    {
        return $this->channel->write($line);
    }

    /**
     * Waits for a request. What is left of the last request's body is passed over.
     *
     * @return ?array<string, string> its variables in the order of PHP-FPM, which is the reverse of that on the wire; null when the gateway
     *     has closed
     */
    public function receive(): ?array
    {
        if ($this->at === strlen($this->in)) {
            $this->in = $this->channel->read();
            $this->at = 0;
        }
        $text = $this->usual() ?? $this->next();
        if ($text === null) {
            return null;
        }
        $this->bodyEnded = false;
        return $this->pairs($text);
    }

    /** The variables if the whole start of a request lies there in the usual form; null otherwise. */
    private function usual(): ?string
    {
        $in = $this->in;
        $at = $this->at;
        if (strlen($in) < $at + 32 || $in[$at + 1] !== "\1" || $in[$at + 5] !== "\x08" || $in[$at + 6] !== "\0" || $in[$at + 17] !== "\4") {
            return null;
        }
        $length = ord($in[$at + 20]) << 8 | ord($in[$at + 21]);
        $end = $at + 24 + $length + ord($in[$at + 22]);
        if ($length === 0 || strlen($in) < $end + 8 || $in[$end + 1] !== "\4" || substr_compare($in, "\0\0\0", $end + 4, 3) !== 0) {
            return null;
        }
        $this->id = substr($in, $at + 2, 2);
        $this->at = $end + 8;
        return substr($in, $at + 24, $length);
    }

    /** The variables of the next request, whatever comes before and however its records are cut; null at the end. */
    private function next(): ?string
    {
        do {
            $type = $this->record($from, $length);
            if ($type === 0) {
                return null;
            }
        } while ($type !== self::BEGIN);
        $text = '';
        while (($type = $this->record($from, $length)) === self::PARAMS && $length > 0) {
            $text .= substr($this->in, $from, $length);
        }
        return $type === self::PARAMS ? $text : null;
    }

    /** Whether the body's end has come already, so that a request has none. Does not wait. */
    public function hasNoBody(): bool
    {
        $at = $this->at;
        if (!$this->bodyEnded && strlen($this->in) >= $at + 8 && $this->in[$at + 1] === "\x05"
            && substr_compare($this->in, "\0\0\0", $at + 4, 3) === 0) {
            $this->at = $at + 8;
            $this->bodyEnded = true;
        }
        return $this->bodyEnded;
    }

    /** Whether the whole body has come already. Does not wait. */
    public function hasBody(): bool
    {
        for ($at = $this->at; strlen($this->in) >= $at + 8; $at += 8 + $length + ord($this->in[$at + 6])) {
            $length = ord($this->in[$at + 4]) << 8 | ord($this->in[$at + 5]);
            if ($length === 0 && $this->in[$at + 1] === "\x05") {
                return true;
            }
        }
        return $this->bodyEnded;
    }

    /** The next bytes of the request's body, for which it waits; empty at its end. */
    public function body(): string
    {
        if ($this->bodyEnded) {
            return '';
        }
        do {
            $type = $this->record($from, $length);
        } while ($type !== self::STDIN && $type !== self::ABORT && $type !== 0);
        if ($type !== self::STDIN || $length === 0) {
            $this->bodyEnded = true;
            return '';
        }
        return substr($this->in, $from, $length);
    }

    /** Records of an answer's bytes. */
    public function output(string $bytes): string
    {
        return $this->records(self::STDOUT, $bytes);
    }

    /** Records of a message. */
    public function message(string $text): string
    {
        return $this->records(self::STDERR, $text);
    }

    public function end(int $flags): string
    {
        return "\1\3" . $this->id . "\0\x08\0\0" . pack('N', $flags) . "\0\0\0\0";
    }

    public function write(string $records): bool
    {
        return $this->channel->write($records);
    }

    public function close(): void
    {
        $this->channel->close();
    }

    private function records(int $type, string $bytes): string
    {
        $head = "\1" . chr($type) . $this->id;
        $length = strlen($bytes);
        if ($length <= self::MOST) {
            return $length === 0 ? '' : $head . chr($length >> 8) . chr($length & 255) . "\0\0" . $bytes;
        }
        $records = '';
        foreach (str_split($bytes, self::MOST) as $part) {
            $records .= $head . pack('n', strlen($part)) . "\0\0" . $part;
        }
        return $records;
    }

    /**
     * The type of the next record, for which it waits; 0 at the end. Its content is in {@code $this->in} until the next call. A record of
     * another request than the current one begins the next: then the rest of a body is not awaited.
     *
     * @param-out int $from
     * @param-out int $length
     */
    private function record(?int &$from, ?int &$length): int
    {
        $at = $this->at;
        $rest = strlen($this->in) - $at;
        if ($rest < 8 && !$this->fill(8)) {
            return 0;
        }
        $at = $this->at;
        $in = $this->in;
        $length = ord($in[$at + 4]) << 8 | ord($in[$at + 5]);
        $size = 8 + $length + ord($in[$at + 6]);
        if (strlen($in) - $at < $size) {
            unset($in);
            if (!$this->fill($size)) {
                return 0;
            }
            $at = $this->at;
            $in = $this->in;
        }
        $type = ord($in[$at + 1]);
        if ($type === self::BEGIN) {
            $this->id = substr($in, $at + 2, 2);
            $this->bodyEnded = true;
        }
        $from = $at + 8;
        $this->at = $at + $size;
        return $type;
    }

    /** Reads until there are so many bytes that were not read yet. */
    private function fill(int $size): bool
    {
        $this->in = (string) substr($this->in, $this->at);
        $this->at = 0;
        while (strlen($this->in) < $size) {
            $more = $this->channel->read();
            if ($more === '') {
                return false;
            }
            $this->in = $this->in === '' ? $more : $this->in . $more;
        }
        return true;
    }

    /** @return array<string, string> */
    private function pairs(string $text): array
    {
        $this->taken++;
        if ($this->known !== '' && strncmp($text, $this->known, strlen($this->known)) === 0 && $this->taken < self::KNOWN_FOR) {
            $pairs = $this->knownPairs;
            self::parse($text, strlen($this->known), strlen($text), $pairs);
        } else {
            $this->learn($text);
            $pairs = self::ROLE;
            self::parse($text, 0, strlen($text), $pairs);
        }
        return array_reverse($pairs, true);
    }

    /** Finds what this request has in common with the one before. */
    private function learn(string $text): void
    {
        $same = strspn($text ^ $this->last, "\0");
        $this->last = $text;
        $this->taken = 0;
        $this->knownPairs = self::ROLE;
        $this->known = substr($text, 0, self::parse($text, 0, $same, $this->knownPairs));
    }

    /**
     * Adds the pairs that begin and end in this part.
     *
     * @param array<string, string> $pairs
     * @return int where the last of them ends
     */
    private static function parse(string $text, int $at, int $end, array &$pairs): int
    {
        $done = $at;
        while ($at < $end) {
            $name = ord($text[$at++]);
            if ($name > 127) {
                $name = ($name & 127) << 24 | ord($text[$at]) << 16 | ord($text[$at + 1]) << 8 | ord($text[$at + 2]);
                $at += 3;
            }
            $value = ord($text[$at++]);
            if ($value > 127) {
                $value = ($value & 127) << 24 | ord($text[$at]) << 16 | ord($text[$at + 1]) << 8 | ord($text[$at + 2]);
                $at += 3;
            }
            $next = $at + $name + $value;
            if ($next > $end) {
                break;
            }
            $pairs[substr($text, $at, $name)] = substr($text, $at + $name, $value);
            $at = $done = $next;
        }
        return $done;
    }
}
