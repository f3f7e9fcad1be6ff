namespace AiPlatform.Application.Shared;

/// <summary>The addresses that some surfaces may be called from.</summary>
public interface IAllowedAddresses
{
    /// <summary>Whether calls from an address are let in; everybody's are where the operator keeps no list.</summary>
    /// <param name="address">The client's address; <see langword="null"/> where it is not known.</param>
    bool Contains(string? address);
}
