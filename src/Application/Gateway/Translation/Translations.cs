namespace AiPlatform.Application.Gateway.Translation;

/// <summary>Knows which translation lies between a client's operation and a provider.</summary>
internal static class Translations
{
    /// <summary>Finds the way from a client's operation to a provider.</summary>
    /// <param name="operation">What the client asks for, one of <see cref="ProviderOperations"/>.</param>
    /// <param name="provider">The provider.</param>
    /// <param name="translation">The translation; <see langword="null"/> where both speak the same.</param>
    /// <returns>Whether there is a way.</returns>
    public static bool TryFind(string operation, IModelProvider provider, out ITranslation? translation)
    {
        translation = null;
        return provider.Serves(operation);
    }
}
