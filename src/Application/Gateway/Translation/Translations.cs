namespace AiPlatform.Application.Gateway.Translation;

/// <summary>Knows which translation lies between a client's operation and a provider.</summary>
internal static class Translations
{
    /// <summary>Finds the way from a client's operation to a provider.</summary>
    /// <param name="operation">What the client asks for, one of <see cref="ProviderOperations"/>.</param>
    /// <param name="provider">The provider.</param>
    /// <param name="now">The time of the call, for answers that tell one.</param>
    /// <param name="wantsUsage">Whether the client asked a stream of chat completions for its usage.</param>
    /// <param name="translation">The translation, for this one call; <see langword="null"/> where both speak the same.</param>
    /// <returns>Whether there is a way.</returns>
    public static bool TryFind(string operation, IModelProvider provider, DateTimeOffset now, bool wantsUsage, out ITranslation? translation)
    {
        translation = null;
        if (provider.Serves(operation))
        {
            return true;
        }

        var speaksChat = provider.Serves(ProviderOperations.ChatCompletions);
        var speaksMessages = provider.Serves(ProviderOperations.Messages);
        translation = operation switch
        {
            ProviderOperations.Messages when speaksChat => new MessagesOverChat(),
            ProviderOperations.Responses when speaksChat => new ResponsesOverChat(),
            ProviderOperations.ChatCompletions when speaksMessages => new ChatOverMessages(now, wantsUsage),
            ProviderOperations.Responses when speaksMessages => new ChainedTranslation(new ResponsesOverChat(), new ChatOverMessages(now, tellsUsage: true)),
            _ => null,
        };
        return translation is not null;
    }
}
