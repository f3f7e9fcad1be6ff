using System.Buffers.Text;

namespace AiPlatform.Application.Gateway.Translation;

/// <summary>
/// Follows the arguments of a call, JSON within JSON strings that arrive in pieces, and knows when their object is closed. No
/// piece is kept or decoded.
/// </summary>
internal struct ToolArguments
{
    private int _depth;
    private bool _started;
    private bool _inString;
    private bool _afterBackslash;

    /// <summary>Whether the object is closed.</summary>
    public readonly bool AreComplete => _started && _depth is 0;

    /// <summary>Takes the next piece, still escaped as in the string that it came in.</summary>
    public void Append(ReadOnlySpan<byte> escaped)
    {
        while (!escaped.IsEmpty)
        {
            var letter = escaped[0];
            var taken = 1;
            if (letter is (byte)'\\' && escaped.Length > 1)
            {
                (letter, taken) = escaped[1] is not (byte)'u' ? (escaped[1], 2)
                    : Utf8Parser.TryParse(escaped[2..Math.Min(6, escaped.Length)], out ushort code, out _, 'x') && code < 128
                        ? ((byte)code, Math.Min(6, escaped.Length))
                        : ((byte)0, Math.Min(6, escaped.Length));

                // A line break or the like, which means nothing here, and would be read as the letter that stands for it.
                letter = taken is 2 && letter is not ((byte)'"' or (byte)'\\') ? (byte)0 : letter;
            }

            Take(letter);
            escaped = escaped[taken..];
        }
    }

    private void Take(byte letter)
    {
        if (_afterBackslash)
        {
            _afterBackslash = false;
        }
        else if (_inString)
        {
            _afterBackslash = letter is (byte)'\\';
            _inString = letter is not (byte)'"';
        }
        else if (letter is (byte)'"')
        {
            _inString = true;
        }
        else if (letter is (byte)'{' or (byte)'[')
        {
            _started = true;
            _depth++;
        }
        else if (letter is (byte)'}' or (byte)']')
        {
            _depth--;
        }
    }
}
