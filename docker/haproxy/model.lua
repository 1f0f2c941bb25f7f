-- model(): the name of the model that a request is for, or nothing. In this order: the header X-Parlo-Model, the
-- parameter model (or model_id) of the address, the path of the routes that have one, the body as far as it is held
-- (http-buffer-request: up to tune.bufsize). A form that has the file before the field model, and a file that
-- is longer than the buffer, hides it: such clients set the header.

local function from_query(query)
    local name = ('&' .. query):match('&model=([^&]+)') or ('&' .. query):match('&model_id=([^&]+)')
    return name and name:gsub('+', ' '):gsub('%%(%x%x)', function(hex) return string.char(tonumber(hex, 16)) end)
end

local function from_path(path)
    return path:match('^/api/ps/(.+)$') or path:match('^/v1/models/(.+)$')
end

local function from_form(body)
    return body:match('[Nn][Aa][Mm][Ee]="?model"?\r\n\r\n([^\r\n]+)\r\n')
        -- with other heads of the part before the value, such as its type
        or body:match('[Nn][Aa][Mm][Ee]="?model"?\r\n[%w-]+: [^\r\n]*\r\n\r\n([^\r\n]+)\r\n')
end

-- Good for choosing a server, not a parser: a text that has "model": "..." in quotes of its own is escaped in JSON.
local function from_json(body)
    local name = body:match('[{,]%s*"model"%s*:%s*"([^"\\]+)"')
    return name
end

core.register_fetches('model', function(txn)
    local name = txn.sf:req_hdr('x-parlo-model')
    if name ~= '' then return name end
    name = from_query(txn.sf:query()) or from_path(txn.sf:path())
    if name then return name end
    local body = txn.sf:req_body()
    local kind = txn.sf:req_hdr('content-type'):lower()
    if kind:find('multipart/form-data', 1, true) then return from_form(body) or '' end
    return from_json(body) or ''
end)
