using System.Text;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.UnitTests.Gateway.Translation;

/// <summary>What each translation refuses, and the field that it names.</summary>
[TestFixture]
public sealed class RefusedRequestTests
{
    [TestCase(
        "messages-over-chat",
        """{"messages":[{"role":"user","content":7}]}""",
        "'messages[0].content' must be a string or an array of content blocks")]
    [TestCase("messages-over-chat", """{"messages":{}}""", "'messages' must be an array")]
    [TestCase("messages-over-chat", """{"messages":["hi"]}""", "'messages[0]' must be an object")]
    [TestCase(
        "messages-over-chat",
        """{"messages":[{"role":"tool","content":"x"}]}""",
        "'messages[0].role' must be 'user', 'assistant' or 'system'")]
    [TestCase("messages-over-chat", """{"messages":[],"max_tokens":"7"}""", "'max_tokens' must be a number")]
    [TestCase("messages-over-chat", """{"messages":[],"stream":"yes"}""", "'stream' must be true or false")]
    [TestCase("messages-over-chat", """{"messages":[],"metadata":{"user_id":7}}""", "'metadata.user_id' must be a string")]
    [TestCase(
        "messages-over-chat",
        """{"messages":[],"tools":[{"name":"a","input_schema":{}},{"type":"web_search_20250305","name":"web_search"}]}""",
        "'tools[1].type' must be 'custom' for this model: it cannot use the tools that Anthropic defines")]
    [TestCase(
        "messages-over-chat",
        """{"messages":[],"mcp_servers":[{"type":"url","name":"a","url":"https://a.example"}]}""",
        "'mcp_servers' must be empty for this model: it cannot use the tools that Anthropic runs")]
    [TestCase(
        "messages-over-chat",
        """
        {"messages":[{"role":"user","content":[
            {"type":"tool_result","tool_use_id":"a","content":[{"type":"image","source":{"type":"file","file_id":"f"}}]}]}]}
        """,
        "'messages[0].content[0].content[0].source.type' must be 'base64', 'url' (images) or 'text' (documents) for this model")]
    [TestCase(
        "chat-over-messages",
        """{"messages":[{"role":"user","content":"a"},{"role":"user"}]}""",
        "'messages[1].content' must be a string or an array of content parts")]
    [TestCase("chat-over-messages", """{"messages":[],"n":2}""", "'n' must be 1 for this model")]
    [TestCase("chat-over-messages", """{"messages":[],"logprobs":true}""", "'logprobs' is not supported by this model")]
    [TestCase("chat-over-messages", """{"messages":[],"audio":{}}""", "'audio' is not supported by this model")]
    [TestCase("chat-over-messages", """{"messages":[],"stop":[1]}""", "'stop' must be a string or an array of strings")]
    [TestCase("chat-over-messages", """{"messages":[],"tools":[{"type":"custom"}]}""", "'tools[0].type' must be 'function' for this model")]
    [TestCase(
        "chat-over-messages",
        """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"ftp://a"}}]}]}""",
        "'messages[0].content[0].image_url.url' must be a data: URL in base64 or an https: URL")]
    [TestCase(
        "chat-over-messages",
        """{"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"input_audio"}]}]}""",
        "'messages[0].content[1].type' must be 'text', 'image_url' or 'file' for this model")]
    [TestCase("responses-over-chat", """{"input":7}""", "'input' must be a string or an array of items")]
    [TestCase(
        "responses-over-chat",
        """{"input":"a","previous_response_id":"resp_1"}""",
        "'previous_response_id' is not supported, because no response is stored: send the whole conversation in 'input'")]
    [TestCase(
        "responses-over-chat",
        """{"input":"a","tools":[{"type":"web_search"}]}""",
        "'tools[0].type' must be 'function' for this model: it cannot use the tools that OpenAI runs")]
    [TestCase(
        "responses-over-chat",
        """{"input":"a","background":true}""",
        "'background' must be false: no response is stored to be fetched later")]
    [TestCase(
        "responses-over-chat",
        """{"input":[{"type":"item_reference","id":"a"}]}""",
        "'input[0].type' must not be 'item_reference', because no item is stored: send the item itself")]
    [TestCase(
        "responses-over-chat",
        """{"input":"a","text":{"format":{"type":"json_schema","name":"a"}}}""",
        "'text.format.schema' must be an object")]
    [TestCase("responses-over-chat", """{"input":"a","reasoning":{"effort":1}}""", "'reasoning.effort' must be a string")]
    [TestCase(
        "responses-over-messages",
        """{"input":"a","include":["message.output_text.logprobs"]}""",
        "'include[0]' is not supported by this model")]
    [TestCase("messages-over-chat", "[]", "The request body must be a JSON object")]
    [TestCase("chat-over-messages", "{", "The request body must be a JSON object")]
    [TestCase("responses-over-chat", """{"\udc00put":"a"}""", "The request body must be a JSON object")]
    public void Request_WhenAFieldCannotBeExpressed_IsRefusedNamingIt(string translation, string body, string message)
    {
        var refused = Assert.Throws<RefusedException>(() => GoldenCases.Create(translation).Request(Encoding.UTF8.GetBytes(body)));

        Assert.Multiple(() =>
        {
            Assert.That(refused.Error.Message, Is.EqualTo(message));
            Assert.That(refused.Error.Code, Is.EqualTo("invalid_request"));
            Assert.That(refused.Error.Kind, Is.EqualTo(ErrorKind.BadRequest));
        });
    }
}
