namespace AiPlatform.Application.Operations;

/// <summary>A route that is paid for.</summary>
/// <param name="Key">Its stable key, which controllers name and charges are found by.</param>
/// <param name="Name">Display name.</param>
/// <param name="Path">Documented path.</param>
/// <param name="Description">What it does.</param>
/// <param name="Cost">Whole credits a call, until an administrator says otherwise.</param>
public sealed record MeteredRoute(string Key, string Name, string Path, string Description, int Cost);

/// <summary>Every route that is paid for, with the cost that a new installation starts from.</summary>
public static class MeteredRoutes
{
    /// <summary>Key of <c>POST /llm/deepseek-r1</c>.</summary>
    public const string DeepSeekR1 = "llm.deepseek-r1";

    /// <summary>Key of <c>POST /llm/llama</c>.</summary>
    public const string Llama = "llm.llama";

    /// <summary>Key of <c>POST /llm/gpt-4o-mini</c>.</summary>
    public const string Gpt4oMini = "llm.gpt-4o-mini";

    /// <summary>Key of <c>POST /llm/gpt-4o</c>.</summary>
    public const string Gpt4o = "llm.gpt-4o";

    /// <summary>Key of <c>POST /llm/o1-mini</c>.</summary>
    public const string O1Mini = "llm.o1-mini";

    /// <summary>Key of <c>POST /rag/query</c>.</summary>
    public const string RagQuery = "rag.query";

    /// <summary>Key of <c>POST /image-generation/dalle3</c>.</summary>
    public const string Dalle3 = "image-generation.dalle3";

    /// <summary>Key of <c>POST /v1/chat/completions</c>.</summary>
    public const string ChatCompletions = "v1.chat.completions";

    /// <summary>Key of <c>POST /v1/completions</c>.</summary>
    public const string Completions = "v1.completions";

    /// <summary>Key of <c>POST /v1/embeddings</c>.</summary>
    public const string Embeddings = "v1.embeddings";

    /// <summary>Key of <c>POST /v1/images/generations</c>.</summary>
    public const string ImageGenerations = "v1.images.generations";

    /// <summary>Key of <c>POST /v1/responses</c>.</summary>
    public const string Responses = "v1.responses";

    /// <summary>Key of <c>POST /v1/messages</c>.</summary>
    public const string Messages = "v1.messages";

    /// <summary>Key of <c>POST /llm/chat/completions</c>.</summary>
    public const string ProxyChat = "llm.chat-completions";

    /// <summary>Key of <c>POST /llm/completions</c>.</summary>
    public const string ProxyCompletions = "llm.completions";

    /// <summary>Key of <c>POST /llm/embeddings</c>.</summary>
    public const string ProxyEmbeddings = "llm.embeddings";

    /// <summary>Key of <c>POST /query</c>.</summary>
    public const string Query = "query";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<MeteredRoute> All { get; } =
    [
        new(DeepSeekR1, "DeepSeek-R1", "/llm/deepseek-r1", "Chat with DeepSeek-R1", 1),
        new(Llama, "Llama 3.1 405B", "/llm/llama", "Chat with Llama 3.1 405B", 2),
        new(Gpt4oMini, "GPT-4o mini", "/llm/gpt-4o-mini", "Chat with GPT-4o mini", 1),
        new(Gpt4o, "GPT-4o", "/llm/gpt-4o", "Chat with GPT-4o", 2),
        new(O1Mini, "o1-mini", "/llm/o1-mini", "Chat with o1-mini", 5),
        new(RagQuery, "Document question", "/rag/query", "Answer a question from the indexed documents", 1),
        new(Dalle3, "DALL-E 3", "/image-generation/dalle3", "Generate an image with DALL-E 3", 1),
        new(ChatCompletions, "Chat completions", "/v1/chat/completions", "Any chat model, in OpenAI's form", 1),
        new(Completions, "Completions", "/v1/completions", "Any chat model, in OpenAI's older form", 1),
        new(Embeddings, "Embeddings", "/v1/embeddings", "Any embedding model, in OpenAI's form", 1),
        new(ImageGenerations, "Image generations", "/v1/images/generations", "Any image model, in OpenAI's form", 1),
        new(Responses, "Responses", "/v1/responses", "Any chat model, in the form of OpenAI's Responses API", 1),
        new(Messages, "Messages", "/v1/messages", "Any chat model, in the form of Anthropic's Messages API", 1),
        new(ProxyChat, "Proxied chat", "/llm/chat/completions", "A model of a host of many vendors", 1),
        new(ProxyCompletions, "Proxied completions", "/llm/completions", "A model of a host of many vendors, in the older form", 1),
        new(ProxyEmbeddings, "Proxied embeddings", "/llm/embeddings", "An embedding model of a host of many vendors", 1),
        new(Query, "Query", "/query", "The chat model nearest to the price, quality and speed that are wanted; the wallet pays", 1),
    ];

    /// <summary>The route that is documented at a path; <see langword="null"/> where none is.</summary>
    /// <param name="path">The path; as in routing, letter case and a trailing slash do not matter.</param>
    public static MeteredRoute? At(string path) =>
        All.FirstOrDefault(route => route.Path.Equals(path.TrimEnd('/'), StringComparison.OrdinalIgnoreCase));
}
