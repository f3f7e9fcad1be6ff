using System.Text.Json;

namespace AiPlatform.Application.Gateway.Relay;

/// <summary>Reads a request once, from its first byte to its last, for what its prompt can take.</summary>
internal ref struct PromptScan()
{
    private const int LeastBytesOfImage = 64;

    /// <summary>Members that name something which the model reads and the request does not carry.</summary>
    private static readonly string[] References =
    [
        "previous_response_id", "conversation", "file_id", "file_url", "vector_store_ids", "server_url", "mcp_servers", "container",
        "web_search_options",
    ];

    private long _embedded;
    private int _images;
    private int _prompts;
    private bool _elsewhere;
    private bool _isType;
    private bool _isPrompt;
    private bool _isImageSource;

    /// <summary>Measures a request.</summary>
    /// <param name="json">One JSON object.</param>
    public PromptMeasure Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JsonMembers.MaxDepth });
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    TakeName(in reader);
                    break;
                case JsonTokenType.String:
                    TakeText(in reader);
                    break;
            }

            // The elements of the one array that is called prompt, at the top.
            if (_isPrompt && reader.CurrentDepth == 2 && reader.TokenType is (JsonTokenType.String or JsonTokenType.StartArray))
            {
                _prompts++;
            }
        }

        return new PromptMeasure(json.Length - _embedded, _images) { Prompts = Math.Max(1, _prompts), RefersElsewhere = _elsewhere };
    }

    private void TakeName(in Utf8JsonReader name)
    {
        _isType = JsonMembers.IsNamed(in name, "type");
        if (name.CurrentDepth == 1)
        {
            _isPrompt = JsonMembers.IsNamed(in name, "prompt");
        }

        foreach (var reference in References)
        {
            _elsewhere |= JsonMembers.IsNamed(in name, reference);
        }
    }

    private void TakeText(in Utf8JsonReader reader)
    {
        var text = reader.ValueSpan;
        if (_isType)
        {
            // Nobody writes the name of a type in escapes but to hide it.
            _elsewhere |= reader.ValueIsEscaped || text.StartsWith("web_search"u8) || text.StartsWith("web_fetch"u8);
            _images += text.SequenceEqual("image_url"u8) || text.SequenceEqual("input_image"u8) || text.SequenceEqual("image"u8) ? 1 : 0;
        }
        else if (text.Length >= LeastBytesOfImage && (text.StartsWith("data:image/"u8) || _isImageSource))
        {
            _embedded += text.Length;
        }

        // {"type":"base64","media_type":"image/png","data":"…"}: the data follows its type.
        _isImageSource = text.StartsWith("image/"u8) && text.Length < LeastBytesOfImage;
        _isType = false;
    }
}
