-- Neovim's own LSP client with our server over stdio: diagnostics by push, a code action, save.
-- Run by neovim.test.ts; prints `key: value` lines, ends with status 0 or 1.
local file, server = vim.env.LSP_FILE, vim.env.LSP_SERVER
local wanted = vim.env.LSP_TITLE

local function say(key, value)
  io.stdout:write(key .. ': ' .. tostring(value) .. '\n')
end

local function wait_for(what, condition)
  assert(vim.wait(15000, condition, 20), 'waited in vain until ' .. what)
end

local function session()
  vim.cmd('edit ' .. vim.fn.fnameescape(file))
  vim.bo.filetype = 'c'
  local buffer = vim.api.nvim_get_current_buf()
  local id = vim.lsp.start_client({
    name = 'driver-teardown',
    cmd = { vim.env.LSP_NODE, server, '--stdio' },
    root_dir = vim.fn.fnamemodify(file, ':h'),
  })
  assert(vim.lsp.buf_attach_client(buffer, id), 'the buffer could not be attached')
  local client = vim.lsp.get_client_by_id(id)
  wait_for('the client is initialised', function() return client.initialized == true end)

  wait_for('there is a diagnostic', function() return #vim.diagnostic.get(buffer) > 0 end)
  local diagnostics = vim.diagnostic.get(buffer)
  say('diagnostics', #diagnostics)
  local diagnostic = diagnostics[1]
  say('line', diagnostic.lnum + 1)
  say('source', diagnostic.source)
  say('code', diagnostic.user_data.lsp.code)
  say('message', diagnostic.message)

  local function ask(method, params)
    params.textDocument = vim.lsp.util.make_text_document_params(buffer)
    return vim.lsp.buf_request_sync(buffer, method, params, 10000)[id].result
  end
  local at = { line = diagnostic.lnum, character = diagnostic.col }
  local hover = ask('textDocument/hover', { position = at })
  say('hover', vim.lsp.util.convert_input_to_markdown_lines(hover.contents)[1])
  for _, lens in ipairs(ask('textDocument/codeLens', {})) do say('lens', lens.command.title) end
  local all = { start = { line = 0, character = 0 }, ['end'] = { line = 1000, character = 0 } }
  for _, hint in ipairs(ask('textDocument/inlayHint', { range = all })) do say('hint', hint.label) end
  -- What running the lens does in a client without a command of that name.
  local lens = ask('textDocument/codeLens', {})[1]
  local text = ask('workspace/executeCommand', {
    command = lens.command.command,
    arguments = lens.command.arguments,
  })
  say('order', vim.split(text, '\n')[1])

  local range = {
    start = { line = diagnostic.lnum, character = diagnostic.col },
    ['end'] = { line = diagnostic.end_lnum, character = diagnostic.end_col },
  }
  -- As vim.lsp.buf.code_action() sends it: the diagnostic as the server published it.
  local published = vim.tbl_extend('force', diagnostic.user_data.lsp, {
    range = range,
    message = diagnostic.message,
    source = diagnostic.source,
    severity = diagnostic.severity,
  })
  local answers = vim.lsp.buf_request_sync(buffer, 'textDocument/codeAction', {
    textDocument = vim.lsp.util.make_text_document_params(buffer),
    range = range,
    context = { diagnostics = { published } },
  }, 10000)
  local action
  for _, offered in ipairs(answers[id].result or {}) do
    say('action', offered.title)
    -- The title may end with what the fix does to the findings.
    if vim.startswith(offered.title, wanted) then action = offered end
  end
  assert(action, 'the action is not offered')
  vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)

  wait_for('the diagnostic goes', function() return #vim.diagnostic.get(buffer) == 0 end)
  vim.cmd('silent write')
  vim.lsp.stop_client(id)
  wait_for('the server ends', function() return vim.lsp.get_client_by_id(id) == nil end)
end

local ok, problem = pcall(session)
if not ok then
  say('problem', problem)
  vim.cmd('cquit 1')
end
say('done', true)
vim.cmd('qall!')
