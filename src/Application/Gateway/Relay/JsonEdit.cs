using System.Buffers;
using System.Text.Json;

namespace AiPlatform.Application.Gateway.Relay;

/// <summary>
/// Cuts a JSON object where its members change, in one pass from its first member to its last, and keeps what lies between the cuts
/// byte by byte.
/// </summary>
/// <param name="json">One JSON object.</param>
internal ref struct JsonEdit(ReadOnlyMemory<byte> json)
{
    private static readonly ReadOnlyMemory<byte> Comma = ","u8.ToArray();

    private readonly ReadOnlyMemory<byte> _json = json;
    private readonly JsonPieces _pieces = new();

    /// <summary>Where the text begins that was not passed on yet.</summary>
    private int _from;

    /// <summary>Where the last member ended, a left out one included, and its separator begins; in the end, where the object is closed.</summary>
    private int _end;

    private bool _hasMembers;
    private bool _isFirstLeftOut;

    /// <summary>Leaves a member as it is.</summary>
    public void Keep(int start, int end)
    {
        Reach(start);
        (_end, _hasMembers) = (end, true);
    }

    /// <summary>Puts another member in the place of one, or none.</summary>
    public void Replace(int start, int end, JsonMember by)
    {
        if (!by.Json.IsEmpty)
        {
            Reach(start);
            PassTo(start);
            _pieces.Add(TextOf(by));
            (_from, _end, _hasMembers) = (end, end, true);
        }
        else if (_hasMembers)
        {
            // With the separator before it.
            PassTo(_end);
            (_from, _end) = (end, end);
        }
        else if (!_isFirstLeftOut)
        {
            // With the separator behind it, wherever the next member begins.
            PassTo(start);
            _isFirstLeftOut = true;
        }
    }

    /// <summary>Notes that there are no more members.</summary>
    /// <param name="end">Where the object is closed.</param>
    public void Close(int end)
    {
        Reach(end);
        _end = end;
    }

    /// <summary>Adds a member behind the last; after <see cref="Close"/>.</summary>
    public void Append(JsonMember member)
    {
        if (member.Json.IsEmpty)
        {
            return;
        }

        PassTo(_end);
        _pieces.Add(_hasMembers ? Comma : default);
        _pieces.Add(TextOf(member));
        _hasMembers = true;
    }

    /// <summary>The object as it has become.</summary>
    public ReadOnlySequence<byte> End()
    {
        _pieces.Add(_json[_from..]);
        return _pieces.Whole;
    }

    /// <summary>Goes on at a member where those before it were left out.</summary>
    private void Reach(int start)
    {
        if (_isFirstLeftOut && !_hasMembers)
        {
            _from = start;
        }
    }

    private void PassTo(int end)
    {
        _pieces.Add(_json[_from..end]);
        _from = end;
    }

    private static byte[] TextOf(JsonMember member) =>
        [.. "\""u8, .. JsonEncodedText.Encode(member.Name).EncodedUtf8Bytes, .. "\":"u8, .. member.Json.Span];
}
